"""Meetings of working groups and what comes of them."""
