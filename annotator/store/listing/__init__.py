"""What the queue lists, in order, and how many articles are in which state."""
