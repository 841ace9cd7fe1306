"""Pages about claims, evidence, changes and recoveries."""
