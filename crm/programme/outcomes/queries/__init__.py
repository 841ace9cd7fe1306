"""Reads of outcome reports: one, those of a business or a round, what waits, and what growth is reckoned from."""
