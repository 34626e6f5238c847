"""The queue: its pages, its order, and the number of articles in each state."""
