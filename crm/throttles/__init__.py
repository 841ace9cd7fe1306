"""How often something was tried: counters that every worker shares."""
