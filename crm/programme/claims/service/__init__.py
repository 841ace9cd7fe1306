"""What is done with claims, evidence, changes and recoveries."""
