"""The verbs of memberships, by noun."""
