"""The reports on Action 6."""
