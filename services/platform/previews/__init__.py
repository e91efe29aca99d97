"""Previews: one object as another organisation or person meets it, and why (docs/decisions/0019)."""
