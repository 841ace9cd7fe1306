"""A stand-in for Stripe, for tests and the demonstration: its paths, shapes, signatures and habits. It takes no money."""
