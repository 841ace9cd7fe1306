"""The rules of signposting: finding support, enquiring, triage and the action plan."""
