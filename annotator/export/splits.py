"""Train, dev and test: which side an article is on, by the hash of its story's identity.

The side of a story is that of its oldest article: `int(id[:8], 16) % 10` is 8 for dev, 9 for test,
else train. An article's id is the SHA-256 of its text, so that nothing random is needed and anyone
can compute it again.

As data grows an article stays where it is: what comes later and is linked with it (a revision, a
near-duplicate) joins its side, finished or not. One case cannot be spared: a later link between two
stories that stand on different sides already. Then the younger one moves to the side of the older.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing

from annotator.core.components import oldest_of
from annotator.core.record import Record
from annotator.store.temporary_band_index import Pairing

SIDES = ("train", "dev", "test")


def side_of(article: str, stories: Mapping[str, str]) -> str:
    """On which side an article (its id) is; `stories` names the oldest one of those linked."""
    tenth = int(stories.get(article, article)[:8], 16) % 10
    return {8: "dev", 9: "test"}.get(tenth, "train")


def stories_in(rows: Iterable[Record]) -> dict[str, str]:
    """The stories that records themselves tell of, where there is no store that knows more.

    One story are articles from one address, and texts whose wording is so alike that they share a
    band of their hashes (`store.bands`). The oldest is the one received first.
    """
    from annotator.store.minhash import bands_of

    number: dict[str, int] = {}
    received: list[str] = []
    page: dict[str, int] = {}
    links: list[tuple[int, int]] = []
    with closing(Pairing()) as alike:
        for record in rows:
            article = record.article
            if article.id in number:
                continue
            number[article.id] = this = len(number)
            received.append(article.origin.received or "~")  # not known: after all that are
            for origin in (article.origin, *article.also_from):
                if origin.url:
                    links.append((this, page.setdefault(origin.url, this)))
            alike.add(this, bands_of(article.text, record.junk))
        links += alike.pairs()
    links = [(one, other) for one, other in links if one != other]
    linked = {one for pair in links for one in pair}
    ids = [article for article, one in number.items() if one in linked]
    ids.sort(key=lambda article: (received[number[article]], article))
    rank = {number[article]: n for n, article in enumerate(ids)}
    oldest = oldest_of((rank[one], rank[other]) for one, other in links)
    return {ids[one]: ids[first] for one, first in oldest.items()}
