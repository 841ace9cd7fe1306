"""The verbs on accounts, roles, sessions and hubs."""
