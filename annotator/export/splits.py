"""Assigns articles to train, dev and test by a hash of their story.

The split of a story is that of its oldest article: `int(id[:8], 16) % 10` is 8 for dev, 9 for test,
else train. An article's id is the SHA-256 of its text, so the split is reproducible without a seed.

As data grows, an article keeps its split: later articles of the same story (revisions,
near-duplicates) join that split, finished or not. One exception remains: when a later link joins
two stories of different splits, the younger story moves to the split of the older.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing

from annotator.core.components import connected_components
from annotator.core.record import Record
from annotator.store.linking.temporary_band_index import Pairing

SPLITS = ("train", "dev", "test")


def split_of(article: str, stories: Mapping[str, str]) -> str:
    """The split of an article id; `stories` maps it to the oldest article of its story."""
    tenth = int(stories.get(article, article)[:8], 16) % 10
    return {8: "dev", 9: "test"}.get(tenth, "train")


def stories_in(rows: Iterable[Record]) -> dict[str, str]:
    """The stories found in records alone, for exports without a store.

    Articles belong to one story if they share a URL or a MinHash band (`store.minhash`). The oldest
    is the one received first.
    """
    from annotator.store.linking.minhash import bands_of

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
            received.append(article.origin.received or "~")  # unknown dates sort last
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
    oldest = connected_components((rank[one], rank[other]) for one, other in links)
    return {ids[one]: ids[first] for one, first in oldest.items()}
