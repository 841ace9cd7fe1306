"""Investors: who they are, what they signed, and the gate that says whether they may be shown pitches."""
