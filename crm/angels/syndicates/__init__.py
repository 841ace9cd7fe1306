"""The syndicate of a raise: one investor leads, terms are recorded and agreed, others join on them."""
