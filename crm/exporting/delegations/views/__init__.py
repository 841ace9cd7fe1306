"""The pages of delegations, and what they show elsewhere."""
