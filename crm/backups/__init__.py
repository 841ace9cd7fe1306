"""Backups of everything: the database and the files of the store in one archive, and back into an empty place."""
