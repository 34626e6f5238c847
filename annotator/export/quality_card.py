"""The part of a dataset card that says how far its figures can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.agreement import Agreement
from annotator.core.text.counted import many
from annotator.export.figures import Figures
from annotator.export.markdown import counts_in_words, plain_text, table
from annotator.export.quality_figures import HowDecided, QualityFigures

_REVIEWED = {
    "adjudicated": "adjudicated",
    "double": "reviewed by two or more",
    "single": "reviewed by one",
    "import": "imported",
    "none": "reviewed by nobody",
}
_HELP = {
    "assisted": "with suggestions",
    "unassisted": "without suggestions",
    "unknown": "where that is not known",
}
_SHOWN = ("f1", "alpha")


@dataclass(frozen=True)
class Measured:
    """The agreement of reviewers: its `mean` over pairs, its `measures`, and that with the pipeline
    (`anchoring`; None where it is not known), and how near each reviewer came to the gold of
    `checks`; all but the first as JSON values."""

    mean: Agreement | None = None
    measures: Sequence[Mapping[str, Any]] = ()
    anchoring: Mapping[str, Any] | None = None
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def reviewers_section(figures: Figures, measured: Measured) -> Iterator[str]:
    """Who reviewed, and the mean agreement between them."""
    agreed = measured.mean
    yield "## Reviewers\n"
    names, kinds = counts_in_words(figures.reviewers), counts_in_words(figures.kinds)
    yield f"Reviews by reviewer: {names}. By kind: {kinds}."
    yield ""
    if (agreed is None or not agreed.pairs) and measured.measures:
        yield "Agreement of the reviews behind adjudications: see below."
        return
    if agreed is None or not agreed.pairs:
        yield "No article was reviewed by more than one reviewer, so agreement is not known."
        return
    parts = {
        "entities (span and label)": agreed.entities,
        "claims (content and source)": agreed.claims,
    }
    shown = ", ".join(f"{name} {value:.3f}" for name, value in parts.items() if value is not None)
    yield (
        f"{many(figures.reviewed_twice, 'article')} reviewed more than once. Agreement as "
        f"mean F1 over {many(agreed.pairs, 'pair')} of reviews, without what one of the two "
        f"left open: {shown or 'nothing on which both decided'}."
    )


def quality_section(quality: QualityFigures, measured: Measured) -> Iterator[str]:
    """How much was looked at, by whom and how fast; agreement with intervals; anchoring."""
    yield "## How far to believe it\n"
    yield _articles(quality)
    yield ""
    yield _items(quality.decided)
    yield ""
    if quality.reviewers:
        yield from table(_COLUMNS, _rows(quality))
        yield ""
    yield from _agreement(measured.measures)
    yield ""
    yield from _anchoring(measured.anchoring)
    if measured.checks:
        yield ""
        yield from _checks(measured.checks)


def _articles(quality: QualityFigures) -> str:
    kinds = [f"{quality.articles[one]:,} {words}" for one, words in _REVIEWED.items()]
    shown = [words for words in kinds if not words.startswith("0 ")]
    records = quality.help.total()
    helped = [
        f"{_share(quality.help[one], records)} {words}"
        for one, words in _HELP.items()
        if quality.help[one]
    ]
    return f"Articles: {', '.join(shown) or 'none'}. Reviews: {', '.join(helped) or 'none'}."


def _items(decided: HowDecided) -> str:
    told, items = decided.one_by_one + decided.in_bulk, decided.accepted - decided.settled
    changed = (
        f"{decided.corrected:,} corrected, {decided.added:,} added, {decided.rejected:,} rejected"
    )
    if not decided.records:
        return "Items: none, since nobody has reviewed anything."
    if decided.settled:
        changed += f"; {decided.settled:,} accepted in adjudications, agreed on or chosen"
    if not told and not items:
        return f"Items: {changed}."
    if not told:
        return f"Items: {items:,} accepted, one by one or in bulk is not known; {changed}."
    unknown = decided.accepted_unknown
    beside = f" ({unknown:,} more where that is not known)" if unknown else ""
    return (
        f"Items: {_share(decided.in_bulk, told)} of {told:,} accepted ones were accepted in bulk, "
        "that is with others by one key or carried over from an earlier text, so that nobody can "
        f"tell whether anybody read them; {decided.one_by_one:,} one by one{beside}. {changed}."
    )


_COLUMNS = (
    *("reviewer", "records", "one by one", "in bulk", "corrected", "added", "rejected"),
    *("hours", "items an hour"),
)


def _rows(quality: QualityFigures) -> Iterator[tuple[object, ...]]:
    people = [(plain_text(name), own) for name, own in sorted(quality.reviewers.items())]
    if len(people) > 1:
        people.append(("together", quality.decided))
    for name, own in people:
        hourly = own.items_per_hour
        yield (
            *(name, own.records),
            "not known" if own.accepted_unknown and not own.timed else own.one_by_one,
            "not known" if own.accepted_unknown and not own.timed else own.in_bulk,
            *(own.corrected, own.added, own.rejected, f"{own.seconds / 3600:,.1f}"),
            "–" if hourly is None else f"{hourly:,.0f}",
        )


def _agreement(measures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = [one for one in measures if one["measure"] in _SHOWN]
    if not shown:
        yield "Agreement between reviewers: not known, since nothing was reviewed twice."
        return
    yield "Agreement between reviewers, with intervals of 95 %:\n"
    yield from table(
        ("of", "measure", "value", "interval", "units", "articles"),
        (
            (
                *(one["of"], one["measure"], _value(one), _interval(one)),
                many(one["units"], one["unit"].removesuffix("s")),
                one["articles"],
            )
            for one in shown
        ),
    )


def _value(one: Mapping[str, Any]) -> str:
    if not one["enough"]:
        return "not enough"
    return "not defined" if one["value"] is None else f"{one['value']:.3f}"


def _interval(one: Mapping[str, Any]) -> str:
    if not one["enough"] or one["low"] is None:
        return "–"
    return f"{one['low']:.3f} to {one['high']:.3f}"


def _anchoring(anchoring: Mapping[str, Any] | None) -> Iterator[str]:
    from annotator.measures.pipeline_agreement import anchoring_lines

    if anchoring is None:
        yield "Agreement of reviewers with the pipeline: not known of records from a file."
        return
    yield (
        "Agreement of reviewers with what the pipeline suggests. Where it is much higher with "
        "suggestions before them than without, they accepted more than they would have marked:\n"
    )
    yield from (f"- {line}" for line in anchoring_lines(anchoring))


_CHECK_COLUMNS = ("reviewer", "checks", "skipped", "F1", "interval", "units", "missed", "added")


def _checks(checks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield (
        "Checks: articles with a known answer, which reviewers could not tell from others; they "
        "are not in this dataset. How near each came to the gold on finishing them, with intervals "
        "of 95 % (units are the items of both sides):\n"
    )
    yield from table(
        _CHECK_COLUMNS,
        (
            (
                *(plain_text(name), own["checks"], own["skipped"]),
                *(_value(own["together"]), _interval(own["together"])),
                *(own["together"]["units"], own["missed"], own["added"]),
            )
            for name, own in checks.items()
        ),
    )


def _share(some: int, every: int) -> str:
    return f"{some:,} ({some / every:.1%})" if every else f"{some:,}"
