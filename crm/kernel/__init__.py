"""The words of the field, in pure Python: no web framework and no database is known here."""
