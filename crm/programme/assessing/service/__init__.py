"""Verbs of assessing."""
