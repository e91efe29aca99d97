"""Files that people send: looked into, sealed, taken by a room that keeps them, opened by signed links."""
