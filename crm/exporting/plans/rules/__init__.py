"""The rules of the calendar and of export plans."""
