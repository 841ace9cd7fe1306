"""Reads of envelopes, of the ledger, of changes to limits, and of what is claimed beside what was planned."""
