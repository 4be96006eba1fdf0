"""The desk's encrypted store: key slots, database, page files, and the views over them."""
