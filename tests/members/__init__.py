"""Membership as its people meet it."""
