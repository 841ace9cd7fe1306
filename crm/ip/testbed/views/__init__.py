"""The pages of test-bed projects: `test_bed`, `test_bed_parts`, `test_bed_texts`, `test_bed_lessons`, and what shows elsewhere (`showing`)."""
