"""Label Studio's tasks, written and read."""
