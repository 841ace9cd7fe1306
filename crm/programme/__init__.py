"""The scale-up programme: rounds, in which businesses apply and independent assessors score."""
