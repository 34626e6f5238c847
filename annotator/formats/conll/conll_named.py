"""Parses column names from the user (`word=2,tag=4`), and describes detected columns."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.formats.conll.conll_columns import LAST, Columns, ColumnSurvey, style_of


def as_named(named: str, survey: ColumnSurvey) -> Columns:
    """The columns named as in `word=2,tag=4`, with the detected notation of their tags.

    Raises ValueError, saying what is wrong with the names.
    """
    places, inner = _places(named)
    tag = places["tag"]
    held = survey.column(tag)
    if inner is None and not held.share_of_tags and not held.opened and not held.outside:
        raise ValueError(f"column {tag} holds no tags such as B-PERSON, I-PERSON and O")
    if places["word"] not in survey.columns:
        raise ValueError(f"no row has a column {places['word']}")
    return Columns(places["word"], tag, places.get("number"), inner, style_of(held))


def check_names(named: str) -> str:
    """`named`, if it is a valid list of columns; otherwise raises ValueError with the reason."""
    _places(named)
    return named


def _places(named: str) -> tuple[dict[str, int], str | None]:
    places: dict[str, int] = {}
    inner = None
    for part in named.split(","):
        name, _, where = (one.strip() for one in part.partition("="))
        if name == "tag" and ":" in where:
            where, _, inner = where.partition(":")
        if name not in ("word", "tag", "number") or name in places:
            raise ValueError(f"{part.strip()!r} is not one of word=N, tag=N and number=N")
        if not where.removeprefix("-").isdecimal() or int(where) == 0:
            raise ValueError(f"{where!r} is not a column number, counted from 1")
        places[name] = int(where)
        if places[name] < 0 and name != "tag":
            raise ValueError(f"{name} must be counted from the first column, not {where}")
    if not {"word", "tag"} <= places.keys():
        raise ValueError("both word=N and tag=N are required")
    if len(set(places.values())) < len(places):
        raise ValueError("two names for one column")
    return places, inner


def described(columns: Columns, survey: ColumnSurvey) -> str:
    """The detected columns, in one line: `columns: 2 word, 3 tag, 1 number; 4-5 not read`."""
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
