"""The adviser's day: what was said with a business, and the hours of help it was given."""
