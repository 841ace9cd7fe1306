"""Reads of holdings."""
