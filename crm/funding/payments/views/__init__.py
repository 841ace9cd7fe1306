"""The pages of payments: bank details, payments, runs, and the bank's answers."""
