"""Figures: a platform counts its own month and submits it, for the secretariat and nobody else."""
