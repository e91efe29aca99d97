"""Servers and workers are killed under load: nothing is lost, nothing doubled, the chain holds."""
