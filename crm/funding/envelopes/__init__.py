"""Envelopes and their ledger: how much money there is, and what was reserved, committed, claimed and paid of it."""
