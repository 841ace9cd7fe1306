"""Rules of the register: its words, what makes an entry sound, what is missing, and when to remind."""
