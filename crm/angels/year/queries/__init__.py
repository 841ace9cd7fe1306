"""Reads of members, raises and emails to several at once."""
