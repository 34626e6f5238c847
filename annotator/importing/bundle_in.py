"""Takes a bundle in: everything in it is checked, then stored, some articles at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from annotator.core.across.identity_log import IdentityDecision
from annotator.core.across.story_log import StoryDecision
from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.bundled import BundledArticle, BundleEntry, BundleHead
from annotator.core.decisions import Decision, is_joined
from annotator.core.labels import LabelScheme
from annotator.core.review import ReviewItem, Status
from annotator.core.reviewing.joined_logs import Clash
from annotator.errors import SchemeError
from annotator.formats.bundle_file import OpenBundle
from annotator.store.bundling.bringing import BringTerms, Brought, BundleConflict
from annotator.store.store import Store

_AT_ONCE = 50
_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class BundleSurvey:
    """What a bundle holds, read to its end: articles, its labels, and for each reviewer how many
    decisions in reviews, on identities and on stories."""

    head: BundleHead
    articles: int
    labels: frozenset[str]
    decisions: Counter[str]
    identities: Counter[str]
    stories: Counter[str]

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Everybody in whose name something is decided in it."""
        return tuple(sorted({*self.decisions, *self.identities, *self.stories}))


@dataclass
class BundleResult:
    """What came of a bundle. `articles` are those in it; a changed one brought something new."""

    articles: int = 0
    changed: int = 0
    added: int = 0
    known: int = 0
    identities: int = 0
    stories: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    untold: set[str] = field(default_factory=set)
    purged: list[tuple[str, str]] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    conflicts: list[tuple[BundleConflict, str]] = field(default_factory=list)
    left: list[tuple[Decision, str]] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """How many articles of it were here already, with everything."""
        return self.articles - self.changed - len(self.purged)


Step = Callable[[int, int], object]
"""Called with the number of articles done and of all; may raise KeyboardInterrupt to stop."""


def survey(bundle: OpenBundle, step: Step = lambda *_: None) -> BundleSurvey:
    """Read a bundle to its end; raises BundleError at the first thing wrong."""
    articles, labels = 0, set[str]()
    decisions, identities, stories = Counter[str](), Counter[str](), Counter[str]()
    for entry in bundle.entries():
        match entry:
            case IdentityDecision():
                identities[entry.reviewer] += 1
            case StoryDecision():
                stories[entry.reviewer] += 1
            case BundledArticle():
                step(articles, bundle.head.articles)
                articles += 1
                labels |= _labels(entry)
                for review in entry.reviews:
                    if made := sum(not is_joined(one) for one in review.decisions):
                        decisions[review.reviewer] += made
    return BundleSurvey(bundle.head, articles, frozenset(labels), decisions, identities, stories)


def check_scheme(found: BundleSurvey, scheme: LabelScheme) -> None:
    """Raises SchemeError if the bundle needs labels that the scheme lacks: those that it uses and,
    where it is to be reviewed, those of its scheme."""
    theirs = found.head.scheme
    needed = set(found.labels)
    if found.head.until is not None:
        needed |= set(theirs.labels)
    missing = sorted(needed - set(scheme.by_name))
    if missing:
        raise SchemeError(
            f"The bundle has labels that {scheme.name} {scheme.version}, the label scheme here, "
            f"does not have: {', '.join(missing)}. Nothing was changed.",
            hint=f"Use the label scheme that it was made with ({theirs.name} {theirs.version}): "
            "copy its file here, and name it as `labels` in annotator.toml.",
        )


def bring_in(
    store: Store, bundle: OpenBundle, terms: BringTerms, step: Step = lambda *_: None
) -> BundleResult:
    """Store what is new of a bundle that was surveyed; again, it changes nothing. Where `step`
    stops it, what was stored stays, and the same bundle again brings the rest."""
    result = BundleResult()
    for some in _batches(bundle.entries()):
        match some[0]:
            case IdentityDecision():
                own = [one for one in some if isinstance(one, IdentityDecision)]
                new = store.bundles.bring_identities([d for d in own if terms.takes(d.reviewer)])
                result.identities += len(new)
            case StoryDecision():
                told = [one for one in some if isinstance(one, StoryDecision)]
                made = store.bundles.bring_stories([d for d in told if terms.takes(d.reviewer)])
                result.stories += len(made)
            case BundledArticle():
                articles = [one for one in some if isinstance(one, BundledArticle)]
                for one, brought in zip(
                    articles, store.bundles.bring(articles, terms), strict=True
                ):
                    _count(result, one, brought)
        step(result.articles, bundle.head.articles)
    return result


def _batches(entries: Iterator[BundleEntry]) -> Iterator[list[BundleEntry]]:
    """Entries of one kind, some at a time; all decisions on identities or stories together."""
    some: list[BundleEntry] = []
    characters = 0
    for entry in entries:
        size = len(entry.article.text) if isinstance(entry, BundledArticle) else 0
        full = len(some) >= _AT_ONCE or characters + size > _CHARACTERS
        if some and (type(some[0]) is not type(entry) or (size and full)):
            yield some
            some, characters = [], 0
        some.append(entry)
        characters += size
    if some:
        yield some


def _labels(one: BundledArticle) -> set[str]:
    suggested = (item for own in one.sets for item in own.items)
    decided = (made.after for review in one.reviews for made in review.decisions)
    return {item.label for item in (*suggested, *decided) if isinstance(item, Entity)}


def _count(result: BundleResult, one: BundledArticle, brought: Brought) -> None:
    result.articles += 1
    result.added += brought.added
    result.known += brought.known
    result.changed += brought.is_changed
    result.decided.update(dict(brought.decided))
    result.untold |= {*brought.untold}
    if brought.problem is not None:
        result.purged.append((one.article.name, brought.problem))
    if brought.is_superseded and brought.added:
        result.superseded.append(one.article.name)
    for conflict in brought.conflicts:
        result.conflicts.append((conflict, conflict_in_words(conflict, one)))
        if conflict.kind == "suggestions":
            result.left += [(decision, one.article.text) for decision in conflict.left]


def conflict_in_words(conflict: BundleConflict, one: BundledArticle) -> str:
    """A conflict in a sentence that names the article."""
    who, name = conflict.reviewer, one.article.name
    match conflict.kind:
        case "adjudicate":
            others = " and ".join(conflict.others)
            return f"{name}: {who} reviewed it, and so did {others}; all reviews stand."
        case "clash":
            text = one.article.text
            parts = "; ".join(_clash(clash, text) for clash in conflict.clashes[:5])
            more = len(conflict.clashes) - 5
            return f"{name}: {who} decided differently here and there: {parts}" + (
                f"; and on {more} more." if more > 0 else "."
            )
        case "suggestions":
            return (
                f"{name}: {who} reviewed it here with other suggestions; "
                f"{len(conflict.left)} decisions were kept in a file."
            )
    return (
        f"{name}: decisions in the name of {who} have the ids of others, or were changed; "
        "none of them was stored."
    )


def _clash(clash: Clash, text: str) -> str:
    if clash.item is None:
        return "finished here and decided on there, so it is open again"
    held = clash.here or clash.there
    words = _words(held.item, text) if held is not None else clash.item
    return f"{words} ({_said(clash.here)} here, {_said(clash.there)} there; the later holds)"


def _said(held: ReviewItem | None) -> str:
    if held is None:
        return "gone"
    if held.status is Status.ACCEPTED and isinstance(held.item, Entity):
        return f"accepted as {held.item.label}"
    return held.status.value


def _words(item: Item, text: str) -> str:
    match item:
        case Claim():
            words = " ".join(span.of(text) for span in item.content)
        case Entity() | Junk():
            words = item.span.of(text)
    return f"“{' '.join(words.split())[:60]}”"
