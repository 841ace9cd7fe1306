"""Whose businesses they are: the lead adviser of each, now and before."""
