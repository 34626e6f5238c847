"""What every screen is built on, and the screens that lie over any other."""
