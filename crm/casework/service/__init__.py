"""Keeping what was said with a business, and the hours of help."""
