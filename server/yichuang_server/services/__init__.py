"""What the district does: one service a subject; they decide, the stores store, the servicers translate."""
