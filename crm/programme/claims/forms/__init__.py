"""Forms about claims, evidence, changes and recoveries."""
