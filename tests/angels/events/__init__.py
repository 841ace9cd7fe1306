"""Pitch nights: planned, answered, at the door, and afterwards."""
