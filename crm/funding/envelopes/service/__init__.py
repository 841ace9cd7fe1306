"""The verbs of envelopes: `opening` and `changing` their limits, and `posting` to the ledger."""
