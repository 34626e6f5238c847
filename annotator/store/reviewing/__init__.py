"""Reviews: taken up, appended to, read back when finished."""
