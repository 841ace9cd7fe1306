"""Rules of awards, without a database."""
