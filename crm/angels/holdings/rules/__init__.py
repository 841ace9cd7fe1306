"""What the field says of holdings: days of the tax reliefs, quarters, and words."""
