"""Colours: the themes, and how every look is drawn in each of them."""
