"""What people do to services and places offered."""
