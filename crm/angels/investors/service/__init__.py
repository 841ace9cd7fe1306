"""The verbs about investors."""
