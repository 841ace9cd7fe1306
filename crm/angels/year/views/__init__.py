"""The manager's lists, and what is sent from them."""
