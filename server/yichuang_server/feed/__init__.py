"""Slices of the log for desks, and the wake-ups that tell of new records."""
