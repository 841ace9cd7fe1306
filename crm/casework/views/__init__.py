"""What people see and do in casework."""
