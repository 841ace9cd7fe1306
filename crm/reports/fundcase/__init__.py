"""The case for a Regional Creative Development Fund (line 6.4): what was asked for, what was not found, and what a fund would meet."""
