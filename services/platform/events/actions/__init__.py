"""What people do about events and places, one function for each."""
