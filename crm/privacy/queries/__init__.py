"""Reads for retention, for the register of requests, and for erasing a person."""
