"""Forms that were sent: what each led to, so that the same one acts once; and what was typed when nobody was signed in."""
