"""The rules of outcomes: when businesses are asked, what counts as growth, and how it is drawn."""
