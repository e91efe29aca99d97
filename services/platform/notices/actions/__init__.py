"""Telling people, and what people do with what they were told."""
