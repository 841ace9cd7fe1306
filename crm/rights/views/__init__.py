"""The pages of the register of rights."""
