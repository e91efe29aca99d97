"""Members: organisations that apply, are admitted and leave; their people; the directory."""
