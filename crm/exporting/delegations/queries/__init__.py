"""Reads of delegations (`seeing`), of places in them (`seating`), of what came of each (`counting`) and of who fits (`fitting`)."""
