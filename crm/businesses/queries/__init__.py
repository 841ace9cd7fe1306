"""Reads of businesses: one, a list of them, and those that may be the same."""
