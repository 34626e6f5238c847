"""What articles have in common: who is meant, what happened, who says the same and who the
opposite.

Everything here proposes, with its evidence, and decides nothing. Candidates are found by index, so
that the work grows with the number of articles, not with its square.
"""
