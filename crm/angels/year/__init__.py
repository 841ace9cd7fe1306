"""The manager's year: who renews, who is silent, whose check is old, which raises stall; emails to several at once."""
