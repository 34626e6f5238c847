"""Finds claims: source, cue and content. Importing it registers the component `annotator_claims`.

`finder.py` runs the passes in order; each pattern has its own module. The words are in `cues.json`,
the measured precisions in `tiers.json`.
"""

from annotator.suggest.claims.component import ClaimFinder, claims_of, make_claims
from annotator.suggest.claims.found_claim import FoundClaim

__all__ = ["ClaimFinder", "FoundClaim", "claims_of", "make_claims"]
