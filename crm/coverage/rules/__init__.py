"""The rules of coverage: model businesses, counting, what is emptiest, and how the map is drawn."""
