"""Timed work about pitches."""
