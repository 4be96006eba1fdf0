"""画面: Tk only. One view a screen; views draw models and tell events, they decide nothing."""
