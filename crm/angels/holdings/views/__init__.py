"""The pages of holdings."""
