"""What adjudications decided against one's own answers: what was answered, what stands, and why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from annotator.core.adjudicating.differences import DifferenceType
from annotator.core.adjudicating.overruled import Overruled, overruled
from annotator.tui.agreement.answer_list_screen import (
    AnswerList,
    AnswerListScreen,
    AnswerPlace,
    Answers,
)
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap
from annotator.tui.widgets.rows import Cell, Row

_MOST = 500
_TYPE = max(map(len, DifferenceType))


def overruled_screen(setup: AppSetup, keymap: KeyMap) -> AnswerListScreen:
    """A screen with the newest such decisions first, each below the title of its article."""
    answers = AnswerList("Decided against your answers", "overruled", lambda: _answers(setup))
    return AnswerListScreen(setup, keymap, answers)


def _answers(setup: AppSetup) -> Answers:
    rows: list[Row] = []
    places: dict[str, AnswerPlace] = {}
    before = ""
    for number, one in enumerate(islice(_overruled(setup), _MOST)):
        if one.article != before:
            before = one.article
            title = (Cell(one.title, "strong"), Cell(f"by {one.adjudicator}", "muted"))
            rows.append(Row.of(f"article {number}", *title, heading=True))
        note = f" {one.adjudicator}: {one.note}" if one.note else ""
        places[f"{number}"] = AnswerPlace(one.article, one.place, note)
        rows.append(
            Row.of(
                f"{number}",
                Cell(one.type, "accent", width=_TYPE),
                Cell(one.answered, "muted", strike=True),
                Cell("→", "muted", width=1),
                Cell(one.stands),
            )
        )
    none = "No adjudication has decided against an answer of yours."
    return Answers(tuple(rows), places, _counted(len(places)), none)


def _counted(count: int) -> str:
    if not count:
        return "nothing so far"
    noun = "answer was" if count == 1 else "answers were"
    return f"{count:,}{' or more' * (count >= _MOST)} of your {noun} decided against"


def _overruled(setup: AppSetup) -> Iterator[Overruled]:
    """What was decided against the reviewer, the newest adjudication first."""
    reviewer = setup.config.reviewer
    finished = setup.store.adjudications.finished(concerning=reviewer, damaged=lambda _: None)
    for opened in finished:
        assert opened.comparison is not None  # an adjudication
        yield from overruled(opened.article, opened.review, opened.comparison, reviewer)
