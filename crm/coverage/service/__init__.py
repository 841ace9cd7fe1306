"""Verbs of coverage: what the worker counted is stored, and figures of how many businesses there are come into use."""
