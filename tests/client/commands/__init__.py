"""The commands beside the window."""
