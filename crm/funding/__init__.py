"""Public money: the envelopes it lies in, the ledger of every movement, and the subsidy that businesses were given."""
