"""The verbs of the directory: keeping single services, and taking in whole files."""
