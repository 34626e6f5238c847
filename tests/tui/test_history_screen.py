"""The history of an article: what was done, going there, undoing back to a line."""

from __future__ import annotations

from annotator.core.decisions import Kind, note_article
from annotator.store.store import Store
from annotator.tui.review.history_screen import HistoryScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.building import NOW, open_, press
from tests.tui.desk import TEXT, Desk, at_desk, drawn, suggestions, take_in


async def history(desk: Desk) -> HistoryScreen:
    await desk.press("h")
    await desk.until(lambda: isinstance(desk.app.screen, HistoryScreen))
    screen = desk.app.screen
    assert isinstance(screen, HistoryScreen)
    await desk.settle()
    return screen


def lines(screen: HistoryScreen) -> list[str]:
    return [line for line in drawn(screen.listed) if line.strip()]


async def test_undo_back_to_a_line_and_going_to_its_item(store: Store) -> None:
    article = take_in(store, TEXT, suggestions())
    # Somebody else's open review is nobody's business yet.
    other = open_(store, article, "bo", reviews_per_article=2)
    press(store, other, note_article("bo", NOW, "My own thoughts."))
    keys = {"history_undo": "backspace u", "history_close": "q"}
    async with at_desk(store, reviews_per_article=2, keys=keys) as desk:
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("a", "x", "a", "a")
        session = desk.state.session
        screen = await history(desk)
        await desk.until(lambda: "1 review of others" in desk.bar("told"))
        told = lines(screen)
        assert len(told) == 4
        assert "thoughts" not in "\n".join(told)
        assert "accepted GPE “PORT ANSEL”" in told[0]
        assert "rejected DATE “March 4”" in told[1]
        assert "4 key presses" in desk.bar("counts")
        assert "backspace undo back" in " ".join(desk.bar("hints").split())
        await desk.press("escape")
        assert "esc does nothing here" in desk.bar("counts")
        await desk.press("k", "k", "u")
        assert "u again undoes this and 2 key presses after it" in desk.bar("counts")
        await desk.press("k", "j", "u")  # another key in between: it asks anew
        assert len(session.review.decisions) == 4
        await desk.press("u")
        assert "Undone: 3 key presses." in desk.bar("counts")
        kinds = [one.kind for one in session.review.decisions]
        assert kinds[4:] == [Kind.WITHDRAW] * 3
        assert [len(group.decisions) for group in session.review.standing] == [1]
        assert "undone: rejected DATE “March 4”" in lines(screen)[6]
        await desk.press("u")
        assert "This is undone already" in desk.bar("counts")
        await desk.press("end")
        assert "7 key presses, 3 undone" in desk.bar("counts")
        await desk.press("u")
        assert "An undo cannot be undone" in desk.bar("counts")
        await desk.press("home", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        assert desk.words(desk.focus_id or "") == "PORT ANSEL"
    stored = store.reviews.get(article, "ada").review
    assert len(stored.standing) == 1
    assert len(stored.decisions) == 7
