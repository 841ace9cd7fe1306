"""Timed work about payments by card, and the demonstration of it."""
