"""The pages of coverage: the map, who was shut out, and what an imagined service would change."""
