"""Training: Mori keeps the texts, members hold courses, who came prints a certificate."""
