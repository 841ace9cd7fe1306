"""Payments of public money: bank details that were called back, runs that two people check, and what the bank answered."""
