"""What people fill in: forms check and never save."""
