"""The national secretariat's service: published figures and the register of platforms, and nothing else."""
