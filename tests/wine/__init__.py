"""A part of the tests on the Python of Windows, under wine: `make test-wine`."""
