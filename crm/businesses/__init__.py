"""The businesses that are helped: who they are, where, how large, who is there, and what they consented to."""
