"""Good practices: offered to the secretariat's library, and read from it with their source."""
