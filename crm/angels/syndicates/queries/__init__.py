"""Reads of syndicates: one, lists, what waits for whom, and the sums of its investors."""
