"""An article as it is drawn: wrapped, marked, with a caret in it."""
