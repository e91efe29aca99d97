"""The approved field table: every cell of it, printed for people and exercised by a query."""
