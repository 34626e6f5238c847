"""The review screens in a browser: a server on loopback, behind a token, through textual-serve."""
