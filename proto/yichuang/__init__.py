"""The wire: generated code (v1) and the codec between domain values and canonical text."""
