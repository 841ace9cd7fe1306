"""What people see and do in assessing."""
