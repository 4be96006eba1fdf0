"""示范区: an invented district to try the product with."""
