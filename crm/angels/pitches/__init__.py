"""Pitches: written, screened, shown to those who may lawfully see them; and the ledger of each showing."""
