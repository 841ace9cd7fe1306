"""Reads of the scoreboard: counts afresh, counts that were kept, and the rows behind a number."""
