"""What people see and do with rounds."""
