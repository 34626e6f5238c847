"""From corpora and finished reviews to a pipeline, and how good a pipeline is."""
