"""Records to and from what other tools read, one small module each."""
