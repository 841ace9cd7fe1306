"""The doors of accounts: signing in, one's own account, people and their roles, hubs."""
