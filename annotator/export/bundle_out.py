"""Writes a bundle: articles are taken along, then written with what is needed to review them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from annotator.core.assignment import ReviewPlan
from annotator.core.bundled import BundleHead, BundleScheme
from annotator.core.labels import LabelScheme
from annotator.errors import AnnotatorError, ExportError, StoreError
from annotator.export.outputs import refuse_link
from annotator.formats.bundle_file import BundleWriter, is_bundle
from annotator.replacing import replacing_file
from annotator.store.bundling.along import Taking
from annotator.store.bundling.bundles import names_in
from annotator.store.reviewing.taking import OpeningTerms
from annotator.store.store import Store


@dataclass(frozen=True, slots=True)
class BundleOrder:
    """What is to go along: articles by id, whose reviews, for how long the articles are held, and
    the terms on which a team shares them."""

    articles: tuple[str, ...]
    reviewers: tuple[str, ...]
    scheme: LabelScheme
    plan: ReviewPlan
    now: datetime
    hold: timedelta


@dataclass(frozen=True)
class BundleMade:
    """What a bundle holds: its head, the numbers of reviews with decisions and of decisions on
    identities and stories, and articles that were left out, with the reason."""

    head: BundleHead
    reviews: int = 0
    identities: int = 0
    stories: int = 0
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass
class _Taken:
    """What was taken along so far."""

    articles: list[str] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    leaves: bool = False


Step = Callable[[int, int], object]
"""Called with what is done and how much there is; may raise KeyboardInterrupt to stop."""


def write_bundle(
    store: Store, target: Path, order: BundleOrder, step: Step = lambda *_: None
) -> BundleMade:
    """Take articles along and write them to `target`, which may only be another bundle.

    Articles that others hold are left out. If the file cannot be written, or `step` stops it,
    nothing is held and the target is as before. Raises ExportError if nothing is left to take
    along, or for a target that may not be replaced.
    """
    refuse_other_files(target)
    with _taken(store, order, step) as taken:
        if not taken.articles:
            raise ExportError("There is nothing to take along.", hint=_why_nothing(taken.left_out))
        with replacing_file(target) as file:
            return _write(store, file, order, taken, step)


def refuse_other_files(target: Path) -> None:
    """Raises ExportError if the target is a link, or anything but a file with a bundle in it."""
    refuse_link(target)
    if target.exists() and not (target.is_file() and is_bundle(target)):
        raise ExportError(
            f"{target} is not a bundle; nothing was written.", hint="Give another file."
        )


@contextmanager
def _taken(store: Store, order: BundleOrder, step: Step) -> Iterator[_Taken]:
    """Hold the articles; they are free again if an error ends the block."""
    taken = _Taken()
    try:
        for number, article in enumerate(order.articles):
            step(number, 2 * len(order.articles))
            _take(store, article, order, taken)
        yield taken
    except BaseException:
        for article, reviewer in taken.held:
            store.bundles.end(article, reviewer)
        raise


def _take(store: Store, article: str, order: BundleOrder, taken: _Taken) -> None:
    terms = OpeningTerms(order.now, order.hold.total_seconds(), order.plan)
    came: list[Taking] = []
    for reviewer in order.reviewers:
        try:
            came.append(store.bundles.take(article, reviewer, terms))
        except StoreError as error:
            taken.left_out.append((article, error.message))
            continue
        if came[-1] is Taking.HELD:
            taken.held.append((article, reviewer))
    if came:
        taken.articles.append(article)
    taken.leaves |= any(one is not Taking.ALONG for one in came)


def _write(store: Store, file: Path, order: BundleOrder, taken: _Taken, step: Step) -> BundleMade:
    scheme = order.scheme
    head = BundleHead(
        str(uuid4()),
        order.now,
        order.reviewers,
        len(taken.articles),
        BundleScheme(scheme.name, scheme.version, tuple(scheme.by_name)),
        order.now + order.hold if taken.leaves else None,
    )
    identities = store.bundles.identities(*_names(store, taken.articles, order.reviewers))
    stories = store.bundles.stories(taken.articles)
    reviews = 0
    with file.open("wb") as stream:
        writer = BundleWriter(stream, head)
        writer.add_all(identities)
        writer.add_all(stories)
        for number, article in enumerate(taken.articles):
            step(len(taken.articles) + number, 2 * len(taken.articles))
            one = store.bundles.read(article, order.reviewers)
            reviews += sum(bool(review.decisions) for review in one.reviews)
            writer.add(one)
        writer.close()
    return BundleMade(head, reviews, len(identities), len(stories), tuple(taken.left_out))


def _names(
    store: Store, articles: Iterable[str], reviewers: Sequence[str]
) -> tuple[set[str], set[str]]:
    """The forms of all entities, and the identities that they name."""
    forms: set[str] = set()
    ids: set[str] = set()
    for article in articles:
        some, named = names_in(store.bundles.read(article, reviewers))
        forms |= some
        ids |= named
    return forms, ids


def _why_nothing(left_out: Sequence[tuple[str, str]]) -> str:
    if not left_out:
        return (
            "Name articles, or give --count, --outlet or --story. Without these, what was decided "
            "on articles that came in a bundle goes along."
        )
    return " ".join(dict.fromkeys(f"{article[:12]}: {why}" for article, why in left_out[:5]))


def freed(store: Store, articles: Sequence[str], reviewers: Sequence[str] | None) -> list[str]:
    """Free articles that are away (all of them if none is named); returns those that were."""
    wanted = frozenset(articles)
    away = [one for one in store.bundles.away(reviewers) if not wanted or one.article in wanted]
    ended = [one.article for one in away if store.bundles.end(one.article, one.reviewer)]
    if wanted and not ended:
        raise AnnotatorError(
            "None of these articles is away in a bundle.",
            hint="`annotator bundle away` lists them.",
        )
    return ended
