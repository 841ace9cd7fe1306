"""Reads of signposting: what matches, the queue of enquiries, and action plans."""
