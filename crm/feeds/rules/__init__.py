"""The rules of feeds: what a page must have, how a service is read, and what becomes of each."""
