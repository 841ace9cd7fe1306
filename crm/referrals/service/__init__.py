"""Passing a business on: preparing, sending, answering, chasing."""
