"""The forms of signposting: one for each thing that is asked."""
