"""From a bearer token to who signed in where; what they may do is decided elsewhere, from the database."""
