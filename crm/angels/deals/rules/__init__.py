"""Rules of deals."""
