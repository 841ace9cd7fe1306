"""Meetings: a day with people and a calendar file. Appointments with one business, workshops with many."""
