"""Changes to the register of rights."""
