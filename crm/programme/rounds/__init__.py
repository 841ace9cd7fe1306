"""Rounds: prepared, composed, copied and published."""
