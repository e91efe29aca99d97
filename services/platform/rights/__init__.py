"""Rights of the person: export, correction and erasure of a case; who saw it; what a breach has reached."""
