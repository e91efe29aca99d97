"""Application papers and photos: who hands in, who sees, and when they go."""
