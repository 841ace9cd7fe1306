"""The desk, the search and the public pages."""
