"""The pages of signposting: the support finder, enquiring, the queue, triage and action plans."""
