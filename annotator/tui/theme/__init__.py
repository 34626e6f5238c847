"""The themes, and the style of every look in each of them."""
