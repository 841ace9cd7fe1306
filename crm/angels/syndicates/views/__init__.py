"""The pages of syndicates."""
