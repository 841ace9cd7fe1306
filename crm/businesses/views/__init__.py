"""The pages of businesses: the list, one seen whole, and each thing that can be changed."""
