"""Documents: the page pipeline and the papers."""
