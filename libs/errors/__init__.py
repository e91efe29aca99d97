"""What can go wrong, in the domain's words."""
