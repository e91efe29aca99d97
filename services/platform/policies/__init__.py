"""The policy as each municipality adjusts it: draft, preview, publication, history."""
