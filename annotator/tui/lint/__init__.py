"""What contradicts itself or the guidelines in one's own finished reviews."""
