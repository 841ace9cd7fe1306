"""What people see and do about meetings."""
