"""Claims found by patterns over plain text, for the keys that make and mend them."""
