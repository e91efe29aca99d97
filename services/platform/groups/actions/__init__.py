"""What people do in working groups, each in one transaction: authorize, change, record."""
