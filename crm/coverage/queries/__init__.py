"""Reads of coverage: what the worker counts, what pages show, and who asked in vain."""
