"""How the data of a dataset was collected, annotated and checked, in the terms of Croissant.

Everything said here is counted from the records and the journal behind them; what a program cannot
know (purposes, consent, demographics) is said to be unknown, not made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.core.labels import Role
from annotator.core.text.counted import many
from annotator.export.figures import REJECTED, Figures
from annotator.export.quality_card import Measured
from annotator.export.quality_figures import HowDecided

Plain = dict[str, Any]
_MOST = 50
_SHOWN = ("f1", "alpha")
PERSON = Role.PERSON.value.upper()
_REVIEWED = {
    "adjudicated": "adjudicated",
    "double": "reviewed by two or more",
    "single": "reviewed by one",
    "import": "imported",
    "none": "reviewed by nobody",
}


def responsible(
    figures: Figures, measured: Measured, left_out: Mapping[str, int]
) -> Mapping[str, Any]:
    """The properties of Croissant's vocabulary for responsible AI."""
    frame = [when[:10] for when in (figures.received.first, figures.received.last) if when]
    missing = [f"{many(n, 'article')}: {state}" for state, n in left_out.items() if n]
    return {
        "rai:dataCollection": (
            "News articles taken in as files or pages; near-duplicates and revisions are linked, "
            f"never merged. {many(figures.articles, 'article')} of "
            f"{many(len([name for name in figures.outlets if name]), 'known outlet')}, "
            f"{figures.words:,} words."
        ),
        "rai:dataCollectionType": ["Others"],
        "rai:dataCollectionTimeFrame": frame,
        "rai:dataCollectionMissingData": "; ".join(missing),
        "rai:dataPreprocessingProtocol": [
            "Texts are decoded and line ends are LF; nothing else is changed. Lines that are not "
            "part of an article are marked, not removed."
        ],
        "rai:dataAnnotationProtocol": [
            "A pipeline suggests entities, claims and lines that are not part of the article; "
            "reviewers accept, correct, reject and add, following guidelines.md and labels.toml. "
            "Every decision is kept in a journal that can only be appended to."
        ],
        "rai:dataAnnotationPlatform": ["annotator"],
        "rai:dataAnnotationAnalysis": list(_analysis(measured)),
        "rai:annotationsPerItem": _per_item(figures),
        "rai:annotatorDemographics": [
            f"{many(len(figures.reviewers), 'reviewer')}; nothing else is recorded of them"
        ],
        "rai:machineAnnotationTools": [*_tools(figures)],
        "rai:dataBiases": list(_biases(figures.quality.decided)),
        "rai:dataLimitations": list(_limits(figures)),
        "rai:personalSensitiveInformation": [
            "News articles name people. Nothing is masked; "
            f"{_named(figures):,} entities are labelled {PERSON}."
        ],
    }


def derived_from(figures: Figures) -> list[Plain]:
    """The outlets that the articles came from, those with most articles first."""
    known = [(name, count) for name, count in figures.outlets.items() if name]
    known.sort(key=lambda one: (-one[1], one[0]))
    return [
        {"@type": "prov:Entity", "prov:label": f"{many(count, 'article')} of {name}"}
        for name, count in known[:_MOST]
    ]


def generated_by(figures: Figures) -> Plain:
    """The review as an activity: when, by how many people, with which programs."""
    people = len(figures.reviewers)
    agents: list[Plain] = [
        {"@type": "prov:SoftwareAgent", "prov:label": tool} for tool in _tools(figures)
    ]
    if people:
        agents.append({"@type": "prov:Agent", "prov:label": many(people, "reviewer")})
    times = {
        "prov:startedAtTime": figures.finished.first,
        "prov:endedAtTime": figures.finished.last,
    }
    return {
        "@type": "prov:Activity",
        "prov:label": "Review of suggestions",
        **{name: when for name, when in times.items() if when},
        **({"prov:wasAssociatedWith": agents} if agents else {}),
    }


def _tools(figures: Figures) -> Iterator[str]:
    for name, version, mark in sorted(one for one in figures.pipelines if one):
        yield f"{name} {version} ({mark[:12]})"
    for one in sorted(figures.suggesters, key=lambda one: (one.suggester, one.version)):
        yield f"{one.suggester}: {one.name} {one.version} ({one.hash[:12]})"


def _per_item(figures: Figures) -> str:
    counts = figures.quality.articles
    shown = [f"{counts[kind]:,} {words}" for kind, words in _REVIEWED.items() if counts[kind]]
    return f"Articles: {', '.join(shown)}" if shown else "No article"


def _analysis(measured: Measured) -> Iterator[str]:
    """The agreement of reviewers, with intervals of 95 %."""
    for one in measured.measures:
        if one["measure"] in _SHOWN and one["enough"] and one["value"] is not None:
            low, high = one["low"], one["high"]
            between = "" if low is None else f" (95 %: {low:.3f} to {high:.3f})"
            yield f"Agreement on {one['of']}, {one['measure']}: {one['value']:.3f}{between}"


def _biases(decided: HowDecided) -> Iterator[str]:
    """How much was looked at one by one."""
    share = decided.bulk_share
    if share is not None:
        yield (
            f"{decided.in_bulk:,} of {decided.in_bulk + decided.one_by_one:,} accepted items "
            f"({share:.1%}) were accepted in bulk, so that nobody can tell whether anybody read "
            "them; suggestions before reviewers make them accept more"
        )
    if decided.accepted_unknown:
        yield f"{decided.accepted_unknown:,} items were accepted, one by one or in bulk is unknown"
    yield (
        f"{decided.corrected:,} items were corrected, {decided.added:,} added and "
        f"{decided.rejected:,} rejected"
    )


def _limits(figures: Figures) -> Iterator[str]:
    pending = figures.total("pending")
    if pending:
        yield f"{many(pending, 'item')} left open: neither right nor wrong"
    if figures.offered:
        yield f"{many(figures.offered, 'claim')} folded away and never shown"
    if figures.unknown:
        yield f"{many(figures.unknown, 'record')} with words that nobody decided on"
    for answer, words in (("skip", "skipped"), ("unusable", "unusable")):
        if count := figures.answers[answer]:
            yield f"{many(count, 'record')} of {words} articles, without items"


def _named(figures: Figures) -> int:
    """The entities labelled as persons that stand or were left open."""
    counts = figures.verdicts.get(("entity", PERSON), Counter[str]())
    return counts.total() - counts[REJECTED]
