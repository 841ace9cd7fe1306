"""The verbs of holdings."""
