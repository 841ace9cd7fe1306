"""Who did what, when, to what, and from what to what: one pen for all who write."""
