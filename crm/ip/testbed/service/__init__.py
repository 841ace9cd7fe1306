"""The verbs of test-bed projects: `leading`, `spending`, `taking_part`, `writing`, `naming`, and the letters (`telling`)."""
