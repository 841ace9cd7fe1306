"""Reads of test-bed projects (`seeing`), of the businesses in them (`joining`), of lessons (`reading`) and of who is known there (`knowing`)."""
