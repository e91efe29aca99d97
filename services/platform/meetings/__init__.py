"""Meetings of working groups: who comes, whether they may decide, what was said and what was decided."""
