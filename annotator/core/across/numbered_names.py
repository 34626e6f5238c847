"""A number for each name of some articles, equal where names are one: as people said, else as is
proposed."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.across.identities import propose_identities
from annotator.core.across.mentions import Place, mentions_of
from annotator.core.across.proposals import Annotated


def numbered_names(articles: Iterable[Annotated]) -> dict[Place, int]:
    """The numbers of the names in these articles.

    Names that people tied to one identity have one number, and those tied to two have two, whatever
    is proposed. Other names go with what they are proposed to be one with, if that is one identity.
    """
    own = list(articles)
    mentions = [
        mention
        for one in own
        for mention in mentions_of(one.article.id, one.article.text, one.entities)
    ]
    said = {
        (one.article.id, entity.id): entity.identity
        for one in own
        for entity in one.entities
        if entity.identity is not None
    }
    keys: dict[Place, str] = {}
    for number, proposed in enumerate(propose_identities(mentions)):
        known = {said[place] for place in proposed.mentions if place in said}
        alone = next(iter(known)) if len(known) == 1 else f"proposed {number}"
        keys |= {place: said.get(place, alone) for place in proposed.mentions}
    numbers = {key: n for n, key in enumerate(dict.fromkeys(keys.values()))}
    return {place: numbers[key] for place, key in keys.items()}
