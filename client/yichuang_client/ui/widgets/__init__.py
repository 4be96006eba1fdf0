"""部件: what screens are built of."""
