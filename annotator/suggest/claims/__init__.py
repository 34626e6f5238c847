"""Claims: who says what, in which words. Importing this registers the component `annotator_claims`.

`finder.py` has the passes in order; each pattern has a file of its own. Words lie in `cues.json`,
measured precisions in `tiers.json`.
"""

from annotator.suggest.claims.component import ClaimFinder, claims_of, make_claims
from annotator.suggest.claims.found_claim import FoundClaim

__all__ = ["ClaimFinder", "FoundClaim", "claims_of", "make_claims"]
