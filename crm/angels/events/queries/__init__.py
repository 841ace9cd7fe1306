"""Reads of pitch nights."""
