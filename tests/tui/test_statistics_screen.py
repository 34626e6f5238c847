"""Statistics on the screen: the same figures as in the report, and the way into articles."""

from __future__ import annotations

import re
from dataclasses import replace

from annotator.cli.report_figures import report_figures
from annotator.core.annotations import Item
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.decisions import Change, accept, finish, note, reject
from annotator.store.store import Store
from annotator.tui.agreement.agreement_screen import AgreementScreen
from annotator.tui.app_setup import AppSetup
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.statistics.statistics_reading import StatisticsReading
from annotator.tui.statistics.statistics_rows import ShownFigures, View, WantedFigures, shown
from annotator.tui.statistics.statistics_screen import StatisticsScreen
from tests.helpers.building import NOW, TEXT, open_, ready
from tests.helpers.items import entity
from tests.helpers.strategies import stamped
from tests.tui.desk import Desk, at_desk, config_of, drawn

WORDS = ["Ada", "Low", "met", "Bo", "Marsh", "in", "Port", "Ellis", "She", "said", "nothing"]


def review(store: Store, number: int, reviewer: str = "ada") -> None:
    """Six of twelve names rejected and six kept, one by one, in a minute; the first with a note."""
    text = f"{TEXT}Again {number}.\n"
    names: list[Item] = [entity(text, word, score=0.55) for word in (*WORDS, str(number))]
    opened = open_(store, ready(store, text, names), reviewer, reviews_per_article=2)
    changes: list[list[Change]] = [
        [reject(item) if n % 2 else accept(item)] for n, item in enumerate(opened.review.items)
    ]
    for some in (*changes, [note(opened.review.items[0], "Who?")], [finish()]):
        made = [replace(one, keys=1, seconds=5.0) for one in stamped(some, opened.review, at=NOW)]
        store.reviews.append(made, text=text)
        opened = replace(opened, review=opened.review.decide(*made))


def read(store: Store) -> StatisticsReading:
    reading = StatisticsReading(AppSetup(store, config_of(store)))
    assert reading.begin()
    while reading.read_some():
        pass
    assert not reading.begin()  # nothing has changed
    return reading


def view(reading: StatisticsReading, wanted: WantedFigures, width: int = 118) -> list[list[str]]:
    """The cells of the rows in a view."""
    found: ShownFigures = shown(wanted, reading.totals, reading.names, reading.notes, width)
    return [[cell.text.strip() for cell in row.lines[0]] for row in found.rows]


def test_every_view_has_the_figures_of_the_report(store: Store) -> None:
    for number in range(10, 12):
        review(store, number)
    result = report_figures(store, NOW)
    reading = read(store)
    (week,) = result["periods"]["weeks"]
    every, latest = view(reading, WantedFigures())
    assert latest[:8] == ["2018-12-17", "2", "24", "0", "0.0", "617", "51.4", "1.17"]
    assert (week["items_per_hour"], week["articles_per_hour"]) == (617.1, 51.4)
    assert every[1:] == latest[1:]
    entities, person = view(reading, WantedFigures(View.SUGGESTIONS))
    (one, other) = result["suggestions"]["seen"]["labels"]
    assert (one["right"], one["low"], one["high"]) == (0.5, 0.3143, 0.6857)
    assert entities[1:7] == ["50.0% (31.4 to 68.6)", "24", "0", "0", "12", "0"]
    assert (person[0], person[1]) == (other["label"], entities[1])
    head, score, *_ = view(reading, WantedFigures(View.SCORES))
    assert head == ["entities"]
    assert score[:5] == ["0.5 to 0.6", "0.55", "50.0% (31.4 to 68.6)", "24", "0"]
    assert re.fullmatch("╌+●╌+│╌+", score[5])
    hardest = view(reading, WantedFigures(View.HARDEST))
    assert hardest[0] == ["most changed"]
    assert hardest[1][:4] == ["50%", "5.8", "12", "ada"]
    assert [row[4] for row in hardest[1:3]] == [
        one["title"] for one in result["hardest"]["changed"]
    ]
    notes = view(reading, WantedFigures(View.NOTES))
    assert [row[-1] for row in notes if len(row) > 1] == ["Who?", "Who?"]
    assert view(reading, WantedFigures(View.SPEED, "bo")) == []


def test_narrow_rows_have_no_bars_and_fit(store: Store) -> None:
    review(store, 10)
    reading = read(store)
    for one in (View.SPEED, View.SUGGESTIONS):
        found = shown(WantedFigures(one), reading.totals, reading.names, reading.notes, 79)
        widths = [sum((cell.width or 0) + 1 for cell in row.lines[0]) for row in found.rows]
        assert max(widths) <= 79
        assert "━" not in str(found.rows)


def test_decisions_of_others_are_hidden_until_one_has_finished(store: Store) -> None:
    review(store, 10, "bo")
    store.sight.viewer = Viewer("ada", ReviewPlan(reviews_per_article=2))
    reading = read(store)
    assert view(reading, WantedFigures(View.HARDEST)) == []
    assert view(reading, WantedFigures(View.NOTES)) == []
    assert view(reading, WantedFigures(View.SUGGESTIONS)) == []
    assert view(reading, WantedFigures())[0][2] == "12"


async def statistics(desk: Desk) -> StatisticsScreen:
    await desk.press("I")
    await desk.until(lambda: isinstance(desk.app.screen, StatisticsScreen))
    screen = desk.app.screen
    assert isinstance(screen, StatisticsScreen)
    await desk.until(lambda: not screen.is_reading)
    await desk.settle()
    return screen


async def test_from_the_figures_into_an_article_and_back(store: Store) -> None:
    for number in range(10, 12):
        review(store, number)
    keys = {"statistics_unit": "d", "statistics_next_view": "w", "note": "f5"}
    async with at_desk(store, keys=keys) as desk:
        screen = await statistics(desk)
        assert "2 reviews" in desk.bar("counts")
        assert "617" in drawn(screen.listed)[1]
        assert "d days, weeks w next view" in " ".join(desk.bar("hints").split())
        await desk.press("d")
        assert "2018-12-19" in drawn(screen.listed)[1]
        await desk.press("w", "shift+tab")
        assert "2018-12-19" in drawn(screen.listed)[1]
        await desk.press("z")
        assert "z does nothing here" in desk.bar("counts")
        await desk.press("p")
        assert "ada" in desk.bar("counts")
        await desk.press("shift+tab")
        assert "2 notes" in desk.bar("counts")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.view.caret == 0
        await desk.press("R", "u", "u", "q")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.until(lambda: not screen.is_reading)
        await desk.settle()
        await desk.press("K")
        await desk.until(lambda: isinstance(desk.app.screen, AgreementScreen))
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.queue)
