"""Pointing a business at the support that exists: a few questions, then the services that match, and why."""
