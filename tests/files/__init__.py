"""Files: what is taken, where it goes, who opens it."""
