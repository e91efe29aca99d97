"""Files are sent, taken by a room, linked to and let go, each in one transaction."""
