"""The forms of applications."""
