"""Pages about memberships, payments by card, and what Stripe sends."""
