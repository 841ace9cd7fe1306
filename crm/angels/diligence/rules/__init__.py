"""What the field says of due diligence."""
