"""The whole road: one day at the counter with real parts."""
