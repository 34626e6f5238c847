"""Files come in: noticed, settled, read safely, turned into articles."""
