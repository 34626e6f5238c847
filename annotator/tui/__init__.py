"""Everything Textual: the screens and their parts."""
