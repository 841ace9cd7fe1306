"""What people see and do with applications."""
