"""The base of every screen, and the screens that open over any other."""
