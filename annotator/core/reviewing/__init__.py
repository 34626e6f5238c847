"""What a reviewer does to a review: commands, bulk and late decisions."""
