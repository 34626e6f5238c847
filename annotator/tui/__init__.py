"""Everything Textual: the screens and what draws them."""
