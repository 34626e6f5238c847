"""A reviewer's actions on a review: commands, bulk decisions, late decisions."""
