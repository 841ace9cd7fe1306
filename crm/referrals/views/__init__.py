"""What people see and do with referrals."""
