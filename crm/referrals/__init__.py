"""Passing a business on, to a provider or to a colleague, and seeing that it comes back with an answer."""
