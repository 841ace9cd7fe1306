"""Reads of pitches and of the ledger."""
