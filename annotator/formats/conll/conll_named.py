"""Columns as people name them (`word=2,tag=4`), and as they are told what was recognised."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.formats.conll.conll_columns import LAST, Columns, ColumnSurvey, style_of


def as_named(said: str, survey: ColumnSurvey) -> Columns:
    """The columns that were named, as in `word=2,tag=4`, and what else was seen of them.

    ValueError says what is wrong with the names.
    """
    places, inner = _places(said)
    tag = places["tag"]
    held = survey.column(tag)
    if inner is None and not held.share_of_tags and not held.opened and not held.outside:
        raise ValueError(f"column {tag} holds no tag such as B-PERSON, I-PERSON and O")
    if places["word"] not in survey.columns:
        raise ValueError(f"no row has a column {places['word']}")
    return Columns(places["word"], tag, places.get("number"), inner, style_of(held))


def check_names(said: str) -> str:
    """`said`, if it names columns; ValueError says why not."""
    _places(said)
    return said


def _places(said: str) -> tuple[dict[str, int], str | None]:
    places: dict[str, int] = {}
    inner = None
    for part in said.split(","):
        name, _, where = (one.strip() for one in part.partition("="))
        if name == "tag" and ":" in where:
            where, _, inner = where.partition(":")
        if name not in ("word", "tag", "number") or name in places:
            raise ValueError(f"{part.strip()!r} is not one of word=N, tag=N and number=N")
        if not where.removeprefix("-").isdecimal() or int(where) == 0:
            raise ValueError(f"{where!r} is no number of a column, counted from 1")
        places[name] = int(where)
        if places[name] < 0 and name != "tag":
            raise ValueError(f"{name} is counted from the first column, {where} is not")
    if not {"word", "tag"} <= places.keys():
        raise ValueError("both word=N and tag=N have to be named")
    if len(set(places.values())) < len(places):
        raise ValueError("two names for one column")
    return places, inner


def described(columns: Columns, survey: ColumnSurvey) -> str:
    """What was recognised, in one line: `columns: 2 word, 3 tag, 1 number; 4-5 not read`."""
    tag = f"last (of {survey.width})" if columns.tag == LAST else str(columns.tag)
    known = [f"{columns.word} word", f"{tag} tag{f' ({columns.field}=)' if columns.field else ''}"]
    known += [f"{columns.number} number"] if columns.number else []
    width = survey.width
    last = columns.tag if columns.tag > 0 else width + 1 + columns.tag
    left = set(range(1, width + 1)) - {columns.word, last, columns.number}
    layers = [n for n in survey.layers() if n in left and survey.columns[n].prefixed]
    rest = sorted(left - set(layers))
    parts = [f"columns: {', '.join(known)}"]
    parts += [f"{_listed(layers)} further tags, not read"] if layers else []
    parts += [f"{_listed(rest)} not read"] if rest else []
    return "; ".join(parts)


def _listed(places: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
