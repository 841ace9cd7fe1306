"""The rules of syndicates: how terms are said, and who is named to whom."""
