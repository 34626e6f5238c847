"""The checks that one has finished: how near the gold, what was missed, what was added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.core.annotations import Claim, Item
from annotator.core.article import Spans
from annotator.core.check_outcome import CheckOutcome, GoldDifference, outcome_in_words
from annotator.core.reviewing.wording import named
from annotator.tui.agreement.answer_list_screen import (
    AnswerList,
    AnswerListScreen,
    AnswerPlace,
    Answers,
)
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap
from annotator.tui.widgets.rows import Cell, Row

_MISSED, _ADDED, _DIFFERS = "missed", "added", "differs"
_WIDTH = len(_DIFFERS)
_ALIKE = 24
"""Claims that begin with so many equal letters are told apart by what follows."""


def checks_screen(setup: AppSetup, keymap: KeyMap) -> AnswerListScreen:
    """A screen with the outcome of each check, the newest first, and below it where the review and
    the gold differ."""
    answers = AnswerList("Checks that you finished", "checks", lambda: _answers(setup))
    return AnswerListScreen(setup, keymap, answers)


def _answers(setup: AppSetup) -> Answers:
    outcomes = setup.store.gold_checks.outcomes(setup.config.reviewer)
    found = sorted(outcomes, key=lambda one: one.at, reverse=True)
    rows: list[Row] = []
    places: dict[str, AnswerPlace] = {}
    for number, one in enumerate(found):
        title = (Cell(one.article.name, "strong"), Cell(outcome_in_words(one), "muted"))
        rows.append(Row.of(f"check {number}", *title, heading=True))
        for place, difference in enumerate(one.differences):
            key = f"{number} {place}"
            places[key] = AnswerPlace(one.article.id, difference.place)
            rows.append(Row.of(key, *_cells(difference, one.article.text)))
    none = "You have finished no article that turned out to be a check."
    return Answers(tuple(rows), places, _together(found), none)


def _cells(difference: GoldDifference, text: str) -> Iterator[Cell]:
    answered, gold = difference.answered, difference.gold
    if gold is None:
        yield Cell(_ADDED, "accent", width=_WIDTH)
        yield Cell(named(answered, text))
    elif answered is None:
        yield Cell(_MISSED, "accent", width=_WIDTH)
        yield Cell(named(gold, text))
    else:
        yield Cell(_DIFFERS, "accent", width=_WIDTH)
        yield Cell(_apart(answered, gold, text), "muted", strike=True)
        yield Cell("→", "muted", width=1)
        yield Cell(_apart(gold, answered, text))


def _apart(one: Item, other: Item, text: str) -> str:
    """An item in a few words that tell it from the other; of claims that begin alike, the source or
    the end of what is said."""
    if not (isinstance(one, Claim) and isinstance(other, Claim)):
        return named(one, text)
    if one.content == other.content:
        return f"source “{_quoted(one.source, text)}”" if one.source else "no source"
    own, theirs = _quoted(one.content, text), _quoted(other.content, text)
    shorter = min(len(own), len(theirs))
    alike = next((n for n in range(shorter) if own[n] != theirs[n]), shorter)
    if alike < _ALIKE:
        return named(one, text)
    return f"claim “…{own[max(0, alike - _ALIKE // 2) :]}”"


def _quoted(spans: Spans, text: str) -> str:
    return " ".join(" … ".join(span.of(text) for span in spans).split())


def _together(found: Sequence[CheckOutcome]) -> str:
    if not found:
        return "none so far"
    overlaps = [one.together for one in found]
    same, marked = sum(one.same for one in overlaps), sum(one.marked for one in overlaps)
    return f"F1 {2 * same / marked:.0%} over {len(found):,}".replace("%", " %") if marked else ""
