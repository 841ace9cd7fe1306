"""Complaints about how personal data was handled: received, acknowledged by the day that the law sets, and answered."""
