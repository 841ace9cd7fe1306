"""What leaves the directory for programs of others."""
