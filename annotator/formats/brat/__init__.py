"""brat's standoff files, written and read."""
