"""The benchmark: what the product costs, measured rather than promised. Never part of the tests."""
