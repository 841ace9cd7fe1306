"""The pages of envelopes, of changes to their limits, and of the ledger."""
