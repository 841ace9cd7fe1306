"""Reads of payments, of the bank details they go to, and of the bank's answers."""
