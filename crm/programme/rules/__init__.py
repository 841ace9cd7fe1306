"""What is always so in the programme: when something is open, and what scores come to."""
