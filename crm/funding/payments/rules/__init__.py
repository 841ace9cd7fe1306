"""Rules of payments: accounts, the file for the bank, and what the bank answers. Without a database."""
