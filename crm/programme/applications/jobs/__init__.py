"""Timed work of applications."""
