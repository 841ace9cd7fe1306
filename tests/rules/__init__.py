"""The house tests itself: floors, laws, sizes, doors, machines, drawings."""
