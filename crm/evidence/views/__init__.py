"""What people see and do with what is counted."""
