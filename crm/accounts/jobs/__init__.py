"""Commands and timed work for accounts, and the demonstration's people with what they did."""
