"""The pages of checks and of the case, and what they show elsewhere."""
