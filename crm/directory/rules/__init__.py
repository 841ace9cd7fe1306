"""The rules of the directory: its file, its words, and the matching of a business with the support there is."""
