"""What members hand in and show of themselves in files: application papers, and the photo of a profile."""
