"""画面的逻辑: what a screen shows and what its buttons mean; no tkinter."""
