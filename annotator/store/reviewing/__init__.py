"""Reviews: opened, appended to, read back when finished."""
