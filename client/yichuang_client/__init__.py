"""The desk: screens, actions, encrypted store, sync, devices and papers."""
