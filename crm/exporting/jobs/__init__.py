"""The demonstration of exporting."""
