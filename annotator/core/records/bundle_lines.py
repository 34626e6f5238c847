"""The lines of a bundle as plain dicts, and back; a line from elsewhere is checked as a record is.

A head is `{"format": "annotator.bundle/1", ...}`; any other line holds one `article`, `identity` or
`story`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.core.across.identity_log import IdentityDecision
from annotator.core.across.story_log import StoryDecision
from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.compared_rows import comparison_from_dict, comparison_to_dict
from annotator.core.annotations import Entity, Item
from annotator.core.article import Article, identity_of
from annotator.core.bundled import (
    ADJUDICATION,
    BundledArticle,
    BundledOpinion,
    BundledReview,
    BundledSet,
    BundleEntry,
    BundleHead,
    BundleScheme,
)
from annotator.core.decisions import Decision
from annotator.core.opinions import Opinion
from annotator.core.record import LONGEST_ID, PipelineId
from annotator.core.records.codec import (
    decision_from_dict,
    decision_to_dict,
    item_from_dict,
    item_to_dict,
    time_from_text,
    time_to_text,
)
from annotator.core.records.encode import origin_to_dict
from annotator.core.records.log_lines import (
    identity_decision_from_dict,
    identity_decision_to_dict,
    story_decision_from_dict,
    story_decision_to_dict,
)
from annotator.core.records.record_checks import KINDS, article_from_dict, names, rows, table, words
from annotator.core.records.suggesters import suggesters_from_list, suggesters_to_list
from annotator.errors import RecordError, ReviewError

FORMAT = "annotator.bundle/1"
Plain = dict[str, Any]
_PIPELINE = ("name", "version", "hash")
_KINDS = frozenset(KINDS) - {"none"}


def head_to_dict(head: BundleHead) -> Plain:
    """The first line of a bundle."""
    return {
        "format": FORMAT,
        "id": head.id,
        "made": time_to_text(head.made),
        "until": None if head.until is None else time_to_text(head.until),
        "reviewers": list(head.reviewers),
        "articles": head.articles,
        "scheme": {
            "name": head.scheme.name,
            "version": head.scheme.version,
            "labels": list(head.scheme.labels),
        },
    }


def head_from_dict(plain: Mapping[str, Any]) -> BundleHead:
    """The inverse; raises RecordError. The format has been checked already."""
    scheme, until = table(plain, "scheme"), words(plain, "until")
    return BundleHead(
        _needed(plain, "id"),
        time_from_text(_needed(plain, "made")),
        _texts(plain, "reviewers"),
        _count(plain, "articles"),
        BundleScheme(_needed(scheme, "name"), _needed(scheme, "version"), _texts(scheme, "labels")),
        None if until is None else time_from_text(until),
    )


def entry_to_dict(entry: BundleEntry) -> Plain:
    """A line after the first."""
    match entry:
        case IdentityDecision():
            return {"identity": identity_decision_to_dict(entry)}
        case StoryDecision():
            return {"story": story_decision_to_dict(entry)}
    return {"article": _article_to_dict(entry)}


def entry_from_dict(plain: Mapping[str, Any]) -> BundleEntry:
    """The inverse; raises RecordError, naming what is wrong."""
    try:
        if "identity" in plain:
            return identity_decision_from_dict(table(plain, "identity"))
        if "story" in plain:
            return story_decision_from_dict(table(plain, "story"))
        return _article_from_dict(table(plain, "article"))
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"{next(iter(plain), 'a line')}: {error}") from error
    except ReviewError as error:
        raise RecordError(f"article: {error.message}") from error


def _article_to_dict(one: BundledArticle) -> Plain:
    article = one.article
    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "language": article.language,
        "origin": origin_to_dict(article.origin),
        "also_from": [origin_to_dict(origin) for origin in article.also_from],
        "meta": dict(article.meta),
        "received": time_to_text(one.received),
        "supersedes": one.supersedes,
        "sets": [_set_to_dict(own, article.text) for own in one.sets],
        "reviews": [_review_to_dict(own, article.text) for own in one.reviews],
    }


def _article_from_dict(plain: Mapping[str, Any]) -> BundledArticle:
    text = _needed(plain, "text")
    if identity_of(text) != plain.get("id"):
        raise RecordError("article.id: is not the hash of the text")
    sets = tuple(_set_from_dict(own, text, n) for n, own in enumerate(rows(plain, "sets")))
    article = article_from_dict(plain, text)
    reviews = tuple(_review_from_dict(own, article) for own in rows(plain, "reviews"))
    received = time_from_text(_needed(plain, "received"))
    one = BundledArticle(article, received, sets, reviews, words(plain, "supersedes"))
    _check_reviews(one)
    return one


def _check_reviews(one: BundledArticle) -> None:
    """Raises RecordError or ReviewError if reviews do not belong to the article or do not fold."""
    # Of adjudications one may have several: a new one where reviews have changed.
    whose = [
        (review.reviewer, review.opened if review.kind == ADJUDICATION else None)
        for review in one.reviews
    ]
    if len(set(whose)) != len(whose):
        raise RecordError("reviews: two reviews of one reviewer")
    for review in one.reviews:
        if review.suggested is not None and review.suggested >= len(one.sets):
            raise RecordError("reviews: there is no such suggestion set")
        if [decision.seq for decision in review.decisions] != [
            n + 1 for n in range(len(review.decisions))
        ]:
            raise RecordError("reviews: decisions are missing")
        is_adjudication = review.kind == ADJUDICATION
        if is_adjudication and one.compared_by(review) is None:
            raise RecordError("reviews: an adjudication without what it is about")
        if any(decision.adjudicates != is_adjudication for decision in review.decisions):
            raise RecordError("decisions: one belongs to another review")
        one.folded(review)


def _set_to_dict(own: BundledSet, text: str) -> Plain:
    return {
        "pipeline": _pipeline_to_dict(own.pipeline),
        "at": time_to_text(own.at),
        "dropped": own.dropped,
        "base": own.base,
        "suggesters": suggesters_to_list(own.suggesters),
        "items": [item_to_dict(item, text) for item in own.items],
        "opinions": [_opinion_to_dict(opinion, text) for opinion in own.opinions],
        **({} if own.comparison is None else {"comparison": comparison_to_dict(own.comparison)}),
    }


def _set_from_dict(plain: Mapping[str, Any], text: str, place: int) -> BundledSet:
    base = plain.get("base")
    if base is not None and not (type(base) is int and 0 <= base < place):
        raise RecordError("sets: a set is made from an earlier one")
    items, compared = _items(rows(plain, "items"), text), None
    if "comparison" in plain:
        compared = _comparison(table(plain, "comparison"), items)
    return BundledSet(
        _pipeline_or_none(plain),
        time_from_text(_needed(plain, "at")),
        items,
        _count(plain, "dropped"),
        base,
        suggesters_from_list(rows(plain, "suggesters")),
        tuple(_opinion_from_dict(one, text) for one in rows(plain, "opinions")),
        compared,
    )


def _comparison(plain: Mapping[str, Any], items: tuple[Item, ...]) -> ComparedReviews:
    """What an adjudication is about, which names items of its set only."""
    compared = comparison_from_dict(plain, items)
    known = {item.id for item in items}
    named = {id for one in compared.contested for id in one.ids}
    if not known.issuperset({*compared.settled, *named, *compared.beside.hidden}):
        raise RecordError("comparison: it names an item that is not there")
    return compared


def _opinion_to_dict(one: BundledOpinion, text: str) -> Plain:
    return {
        "suggester": one.opinion.suggester,
        "pipeline": _pipeline_to_dict(one.pipeline),
        "dropped": one.dropped,
        "problem": one.problem,
        "labels": sorted(one.opinion.labels),
        "items": [item_to_dict(item, text) for item in one.opinion.entities],
    }


def _opinion_from_dict(plain: Mapping[str, Any], text: str) -> BundledOpinion:
    entities = tuple(
        item for item in _items(rows(plain, "items"), text) if isinstance(item, Entity)
    )
    opinion = Opinion(_needed(plain, "suggester"), entities, frozenset(_texts(plain, "labels")))
    pipeline = _pipeline_or_none(plain)
    if pipeline is None:
        raise RecordError("opinions.pipeline: is missing")
    return BundledOpinion(opinion, pipeline, _count(plain, "dropped"), words(plain, "problem"))


def _review_to_dict(own: BundledReview, text: str) -> Plain:
    return {
        "reviewer": own.reviewer,
        "kind": own.kind,
        "opened": time_to_text(own.opened),
        "assisted": own.assisted,
        "set": own.suggested,
        "decisions": [decision_to_dict(decision, text) for decision in own.decisions],
    }


def _review_from_dict(plain: Mapping[str, Any], article: Article) -> BundledReview:
    suggested, assisted = plain.get("set"), plain.get("assisted")
    if suggested is not None and not (type(suggested) is int and suggested >= 0):
        raise RecordError("reviews.set: expected the place of a set")
    if not isinstance(assisted, bool):
        raise RecordError("reviews.assisted: expected true or false")
    if plain.get("kind") not in _KINDS:
        raise RecordError("reviews.kind: is not one of ours")
    made = tuple(_decision(row, article) for row in rows(plain, "decisions"))
    review = BundledReview(
        _needed(plain, "reviewer"),
        plain["kind"],
        time_from_text(_needed(plain, "opened")),
        assisted,
        suggested,
        made,
    )
    if any((one.article, one.reviewer) != (article.id, review.reviewer) for one in made):
        raise RecordError("decisions: one belongs to another review")
    return review


def _decision(plain: Mapping[str, Any], article: Article) -> Decision:
    """A decision, the spans of which have the words that they say."""
    for name in ("before", "after"):
        item = plain.get(name)
        if isinstance(item, Mapping) and "made_by" in item and "relation" not in item:
            item_from_dict(item, article.text, where=name)
    decision = decision_from_dict(plain)
    if decision.upon is not None or not decision.id or not decision.group:
        raise RecordError("decisions: one is not stored yet")
    if max(map(len, (decision.id, decision.target or ""))) > LONGEST_ID:
        raise RecordError(f"decisions: an id has more than {LONGEST_ID} characters")
    if decision.keys < 0 or not 0 <= decision.seconds < 1e9:
        raise RecordError("decisions: keys and seconds are not negative")
    return decision


def _items(plain: Sequence[Mapping[str, Any]], text: str) -> tuple[Item, ...]:
    items = tuple(item_from_dict(row, text, where=f"items[{n}]") for n, row in enumerate(plain))
    if len({item.id for item in items}) != len(items):
        raise RecordError("items: two with one id")
    if any(not item.id or len(item.id) > LONGEST_ID for item in items):
        raise RecordError(f"items: an id is empty or has more than {LONGEST_ID} characters")
    return items


def _pipeline_to_dict(pipeline: PipelineId | None) -> Plain | None:
    return None if pipeline is None else {name: getattr(pipeline, name) for name in _PIPELINE}


def _pipeline_or_none(plain: Mapping[str, Any]) -> PipelineId | None:
    if plain.get("pipeline") is None:
        return None
    return PipelineId(*names(table(plain, "pipeline"), "pipeline", _PIPELINE))


def _needed(plain: Mapping[str, Any], field: str) -> str:
    value = words(plain, field, needed=True)
    if not value or "\0" in value:
        raise RecordError(f"{field}: is empty")
    return value


def _count(plain: Mapping[str, Any], field: str) -> int:
    value = plain.get(field)
    if type(value) is not int or value < 0:
        raise RecordError(f"{field}: expected a number that is not negative")
    return value


def _texts(plain: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = plain.get(field)
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    raise RecordError(f"{field}: expected a list of texts")
