"""How personal data ends: by its time, or because a person is erased; and what is processed, for what, for how long."""
