"""Speed, as ratios measured in one run against the database's own limit."""
