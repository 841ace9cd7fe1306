"""Reads of the angel network."""
