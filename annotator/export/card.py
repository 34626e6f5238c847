"""The dataset card: describes a dataset from its figures.

It begins with the YAML header that dataset hubs read. Strings in the header are written as JSON,
which is valid YAML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple

from annotator.core.annotations import Verdict
from annotator.core.dataset_facts import DatasetFacts
from annotator.core.labels import LabelScheme
from annotator.core.record import FORMAT
from annotator.core.text.counted import many
from annotator.export.figures import REJECTED, Figures, Range
from annotator.export.markdown import code, counts_in_words, plain_text, table, yaml_string
from annotator.export.quality_card import Measured, quality_section, reviewers_section
from annotator.export.splits import SPLITS

VERDICTS = (
    Verdict.ACCEPTED.value,
    Verdict.CORRECTED.value,
    REJECTED,
    Verdict.ADDED.value,
    Verdict.PENDING.value,
)
# The names of splits and size categories on dataset hubs.
_HUB = {"train": "train", "dev": "validation", "test": "test"}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MOST_OUTLETS = 50


def card(
    figures: Figures,
    scheme: LabelScheme,
    *,
    measured: Measured | None = None,
    left_out: Mapping[str, int] | None = None,
    filters: Mapping[str, str] | None = None,
    about: DatasetFacts | None = None,
) -> str:
    """The card as Markdown with a YAML header.

    `measured` is the agreement of reviewers with each other and with the pipeline. `left_out`
    counts the other articles in the store by state, and `filters` are the filters of the export.
    `about` is what people say of the dataset.
    """
    agreements, said = measured or Measured(), about or DatasetFacts()
    sections = (
        _head(figures, scheme, said),
        _title(figures, scheme, said),
        *([tuple(_rights(said))] if said.licence or said.citation or said.creators else []),
        _sizes(figures),
        _labels(figures, scheme),
        _suggestions(figures),
        reviewers_section(figures, agreements),
        quality_section(figures.quality, agreements),
        _sources(figures),
        _gaps(figures, left_out or {}, filters or {}),
        _FILES,
    )
    return "\n".join("\n".join(section) + "\n" for section in sections)


def _head(figures: Figures, scheme: LabelScheme, about: DatasetFacts) -> Iterator[str]:
    yield "---"
    yield f"pretty_name: {yaml_string(_name(scheme, about))}"
    languages = sorted(language for language in figures.languages if language)
    if languages:
        yield "language:"
        yield from (f"- {yaml_string(language)}" for language in languages)
    yield from _licence(about)
    yield "task_categories:\n- token-classification"
    yield "task_ids:\n- named-entity-recognition"
    yield f'size_categories:\n- "{_size(figures.records)}"'
    splits = [split for split in SPLITS if figures.splits[split]]
    if splits:
        yield "configs:\n- config_name: records\n  data_files:"
        for split in splits:
            yield f"  - split: {_HUB[split]}\n    path: records/{split}.jsonl"
    yield "---"


def _size(records: int) -> str:
    return next((name for limit, name in _SIZES if records < limit), "n>1M")


def _name(scheme: LabelScheme, about: DatasetFacts) -> str:
    return about.name or f"{scheme.name} {scheme.version}"


def _licence(about: DatasetFacts) -> Iterator[str]:
    """The licence as hubs want it: an identifier in small letters, or its name and address."""
    if about.spdx is not None:
        yield f"license: {yaml_string(about.spdx.lower())}"
    elif about.licence:
        yield "license: other"
        yield f"license_name: {yaml_string(about.licence)}"
        if about.licence_address:
            yield f"license_link: {yaml_string(about.licence_address)}"
    else:
        yield "license: unknown"


def _rights(about: DatasetFacts) -> Iterator[str]:
    yield "## Licence and citation\n"
    yield f"Licence: {plain_text(about.licence) or 'not stated'}."
    if about.creators:
        yield f"\nMade by {', '.join(plain_text(name) for name, _ in about.makers)}."
    if about.citation:
        yield "\nCite it as:\n"
        yield from (f"    {line}".rstrip() for line in about.citation.strip().splitlines())


def _title(figures: Figures, scheme: LabelScheme, about: DatasetFacts) -> Iterator[str]:
    yield f"# {plain_text(_name(scheme, about))}"
    yield ""
    if about.description:
        yield f"{plain_text(about.description)}\n"
    yield (
        "News articles with entities, claims (source, cue, content) and lines that are not part of "
        f"the article, as reviewers left them. {many(figures.records, 'record')} of "
        f"{many(figures.articles, 'article')}, one reviewer's review each, in the form "
        f"`{FORMAT}` (`record.schema.json`). Offsets are half-open and count code points."
    )


def _sizes(figures: Figures) -> Iterator[str]:
    yield "## Size\n"
    yield from table(
        ("side", "articles", "records"),
        [
            *((split, figures.articles_of_split[split], figures.splits[split]) for split in SPLITS),
            ("all", figures.articles, figures.records),
        ],
    )
    yield ""
    yield (
        f"{figures.words:,} words, {figures.characters:,} characters. Revisions of an article and "
        "near-duplicates are on the same side. The side of an article is that of the oldest one it "
        "is linked with: `int(id[:8], 16) % 10` is 8 for dev, 9 for test, else train."
    )


def _labels(figures: Figures, scheme: LabelScheme) -> Iterator[str]:
    known = [label.name for label in scheme]
    used = {label for kind, label in figures.verdicts if kind == "entity"}
    meanings = {label.name: plain_text(label.meaning) for label in scheme}
    yield "## Labels\n"
    yield (
        "How the suggestions fared, and what reviewers added; a corrected item counts under the "
        "label that it has now, a rejected one under the label that was suggested."
    )
    yield ""
    rows = [
        (
            code(name),
            meanings.get(name, "not in the label scheme"),
            *_fared(figures, "entity", name),
        )
        for name in [*known, *sorted(used - set(known))]
    ]
    junk = sorted(name for kind, name in figures.verdicts if kind == "junk")
    rows += [("claims", "who says what, in which words", *_fared(figures, "claim", ""))]
    rows += [(code(name), "junk line", *_fared(figures, "junk", name)) for name in junk]
    yield from table(("item", "meaning", *VERDICTS), rows)


def _fared(figures: Figures, kind: str, name: str) -> tuple[int, ...]:
    counts = figures.verdicts.get((kind, name), Counter())
    return tuple(counts[verdict] for verdict in VERDICTS)


def _suggestions(figures: Figures) -> Iterator[str]:
    yield "## How suggestions were made\n"
    rows = [
        (plain_text(name), plain_text(version), f"`{mark[:12]}`", count)
        for (name, version, mark), count in sorted(
            (pipeline, count) for pipeline, count in figures.pipelines.items() if pipeline
        )
    ]
    rows += [
        (
            plain_text(f"{one.suggester}: {one.name}"),
            plain_text(one.version),
            f"`{one.hash[:12]}`",
            count,
        )
        for one, count in sorted(figures.suggesters.items(), key=lambda of: astuple(of[0]))
    ]
    if rows:
        yield from table(("pipeline", "version", "hash", "records"), rows)
    if figures.pipelines[None]:
        if rows:
            yield ""
        yield f"{many(figures.pipelines[None], 'record')} had no suggestions of a pipeline."
    yield ""
    yield f"Items by who made them first: {counts_in_words(figures.makers)}."


def _sources(figures: Figures) -> Iterator[str]:
    yield "## Sources and dates\n"
    outlets = sorted(figures.outlets.items(), key=lambda one: (-one[1], one[0] or ""))
    shown, rest = outlets[:_MOST_OUTLETS], outlets[_MOST_OUTLETS:]
    rows = [(plain_text(outlet or "not known"), count) for outlet, count in shown]
    if rest:
        rows.append((f"{len(rest):,} further outlets", sum(count for _, count in rest)))
    yield from table(("outlet", "articles"), rows)
    yield ""
    languages = {name or "not known": count for name, count in figures.languages.items()}
    yield (
        f"Published {_range(figures.published)} (as the pages say), taken in "
        f"{_range(figures.received)}, reviewed {_range(figures.finished)}. "
        f"Languages: {counts_in_words(languages)}."
    )


def _gaps(
    figures: Figures, left_out: Mapping[str, int], filters: Mapping[str, str]
) -> Iterator[str]:
    yield "## Known gaps\n"
    for option, value in filters.items():
        yield f"- Chosen by `{option}` {plain_text(value)}: what does not meet this is not in here."
    pending = figures.total(Verdict.PENDING.value)
    nobody = figures.kinds["none"]
    yield f"- {many(pending, 'item')} left open: neither right nor wrong (`pending`)."
    yield f"- {many(figures.offered, 'claim')} folded away and never shown (`offered`)."
    if figures.unknown:
        silent = many(figures.unknown, "record")
        yield f"- {silent} with words that nobody decided on (`unknown`)."
    for answer, words in (("skip", "skipped"), ("unusable", "unusable")):
        without = many(figures.answers[answer], "record")
        yield f"- {without} of {words} articles, without items."
    if nobody:
        yield f"- {many(nobody, 'record')} of articles that nobody has reviewed (`none`)."
    for state, count in left_out.items():
        if count:
            yield f"- {many(count, 'article')} not in here: {state}."


_FILES = (
    "## Files\n",
    "- `records/train.jsonl`, `records/dev.jsonl`, `records/test.jsonl`: records by article id",
    "- `record.schema.json`: what a record contains, field by field",
    "- `labels.toml`: the label scheme; `guidelines.md`: how reviewers decide",
    "- `statistics.json`: the figures of this card, for programs",
    "- `croissant.json`: files, fields and provenance as Croissant 1.1, for programs",
    "- `manifest-sha256.txt`: checksums (`sha256sum -c manifest-sha256.txt`)",
)


def _range(of: Range) -> str:
    if of.first is None or of.last is None:
        return "at times not known"
    first, last = plain_text(of.first[:10]), plain_text(of.last[:10])
    return f"on {first}" if first == last else f"{first} to {last}"
