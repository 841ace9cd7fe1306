"""The pages of due diligence."""
