"""装配: puts a desk together; the only place that names concrete classes."""
