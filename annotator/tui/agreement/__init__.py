"""How far reviewers agree: figures, a matrix of what met what, and the places behind it."""
