"""Commands and seeds of businesses: the demonstration, bulk invented data, and taking in a file."""
