"""Small articles: three on one event, whose claims contradict each other, and another one."""

from __future__ import annotations

from annotator.core.annotations import Claim
from annotator.store.store import Store
from tests.helpers.building import ready
from tests.helpers.items import entity, span

FIRE = (
    "Ferry burns off Kesthaven\nAda Low and Bo Marsh of Greyline saw the fire on the Saint Oda.\n"
    "Bo Marsh said that 47 passengers were hurt.\n"
)
ALSO = (
    "Fire on the Saint Oda\nGreyline said that 50 passengers were hurt near Kesthaven.\n"
    "Bo Marsh and Ada Low were on the ferry.\n"
)
LATER = (
    "Saint Oda: the day after\nGreyline said that 50 passengers were hurt off Kesthaven.\n"
    "Ada Low and Bo Marsh are at home.\n"
)
VOTE = "Council votes\nZoe Hart said that taxes rise in Dunmere.\n"
_NAMES = {
    "Ada Low": "PERSON",
    "Bo Marsh": "PERSON",
    "Greyline": "ORG",
    "Saint Oda": "ORG",
    "Kesthaven": "GPE",
    "Zoe Hart": "PERSON",
    "Dunmere": "GPE",
}
_CLAIMS = {
    FIRE: "that 47 passengers were hurt",
    ALSO: "that 50 passengers were hurt",
    LATER: "that 50 passengers were hurt",
    VOTE: "that taxes rise",
}


def taken_in(store: Store, text: str) -> str:
    """An article with its names, and one claim `c1`."""
    names = [
        entity(text, words, label, id=f"e{n}")
        for n, (words, label) in enumerate(_NAMES.items())
        if words in text
    ]
    return ready(store, text, [*names, Claim("c1", (span(text, _CLAIMS[text]),))])
