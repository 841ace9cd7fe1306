"""The pages of retention, of the register of requests about personal data, and of erasing a person."""
