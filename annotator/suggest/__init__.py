"""Everything spaCy: pipelines, their components, and what they suggest. A Doc never leaves."""
