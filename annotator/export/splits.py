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

from annotator.core.record import Record
from annotator.core.stories import oldest_of

SIDES = ("train", "dev", "test")


def side_of(article: str, stories: Mapping[str, str]) -> str:
    """On which side an article (its id) is; `stories` names the oldest one of those linked."""
    tenth = int(stories.get(article, article)[:8], 16) % 10
    return {8: "dev", 9: "test"}.get(tenth, "train")


def stories_in(rows: Iterable[Record]) -> dict[str, str]:
    """The stories that records themselves tell of: articles from one address are one story.

    The oldest is the one received first. For records without a store, which knows of more.
    """
    received: dict[str, str] = {}
    pages: dict[str, list[str]] = {}
    for record in rows:
        article = record.article
        received[article.id] = article.origin.received or "~"
        for origin in (article.origin, *article.also_from):
            if origin.url:
                pages.setdefault(origin.url, []).append(article.id)
    # Only what shares its page with another is of interest from here on.
    shared = [ids for ids in pages.values() if len(set(ids)) > 1]
    ordered = sorted({one for ids in shared for one in ids}, key=lambda one: (received[one], one))
    number = {article: n for n, article in enumerate(ordered)}
    links = ((number[ids[0]], number[other]) for ids in shared for other in ids)
    return {ordered[one]: ordered[oldest] for one, oldest in oldest_of(links).items()}
