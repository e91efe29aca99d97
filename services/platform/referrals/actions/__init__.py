"""What people do with cases and referrals, one module a verb; each function is one transaction."""
