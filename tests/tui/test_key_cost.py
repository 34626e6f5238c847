"""What a key does grows neither with the article nor with the store: its calls, and what it asks of
the database, are counted."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy
from annotator.core.article import Span
from tests.benchmarks.identities import entities_in, fill, text_of
from tests.helpers.many_articles import Work, counted
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import at_desk, take_in

SHORT, LONG = 40, 800
LINE = "Ada Low, the harbour master of Varnholm, said that nobody had been hurt in the glass works"
KEYS = ("a", "x", "u", "ctrl+r", "n", "j", "k")


def suggested(number: int, at: int) -> Iterator[Item]:
    """Two entities and a claim in the line that begins at `at`; in a few of the first lines and in
    the last, junk."""

    def span(words: str) -> Span:
        start = at + LINE.index(words)
        return Span(start, start + len(words))

    by = MadeBy.PIPELINE
    if number == 10:
        yield Junk("j", Span(at, at + len(LINE)), JunkKind.AD_MARKER, made_by=by, score=0.8)
        return
    speaker = Entity(f"p{number}", span("Ada Low"), "PERSON", made_by=by, score=0.9)
    yield speaker
    yield Entity(f"g{number}", span("Varnholm"), "GPE", made_by=by, score=0.9)
    content, cue = (span("nobody had been hurt"),), (span("said"),)
    yield Claim(
        f"c{number}", content, cue, (speaker.span,), made_by=by, score=0.9, source_entity=speaker.id
    )


def article(lines: int) -> tuple[str, list[Item]]:
    """A text of so many lines, the first of which are the same in all, and its suggestions."""
    items = [one for n in range(lines) for one in suggested(n, n * (len(LINE) + 2))]
    return f"{LINE}\n\n" * lines, items


async def calls(folder: Path, lines: int, key: str) -> int:
    """How many calls a key makes, with the decisions before it, in an article of so many lines."""
    store = without_syncing(empty_store(folder / f"{lines}.db"))
    take_in(store, *article(lines))
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.press("a", "x", "a", "a", "u")
        await desk.settle()
        profile = cProfile.Profile()
        profile.enable()
        desk.app.screen.press(key, None)  # type: ignore[attr-defined]  # the review screen
        profile.disable()
    store.close()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]  # typeshed lacks it


@pytest.mark.parametrize("key", KEYS)
async def test_a_key_costs_the_same_in_a_long_article(tmp_path: Path, key: str) -> None:
    few, many = await calls(tmp_path, SHORT, key), await calls(tmp_path, LONG, key)
    assert 0 < many <= 1.1 * few + 20


async def asked(folder: Path, size: int, *keys: str) -> Work:
    """What keys ask of a store of so many articles, half as many identities: an article whose names
    are known is opened, and the keys are pressed until all is saved."""
    store = without_syncing(empty_store(folder / f"{size}.db"))
    fill(store, size)
    text, names = text_of(size // 2, size)
    told = text.replace("Ferry", "Another ferry")
    article = take_in(store, told, entities_in(told, names))
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.settle()
        assert desk.state.session.article.id == article
        with counted(store) as work:
            await desk.press(*keys)
            await desk.settle()
            assert desk.app.writer is not None
            assert desk.app.writer.settle(10)
        assert desk.state.review.decisions
    store.close()
    return work


@pytest.mark.parametrize("keys", [("a",), ("x", "u"), ("m", "a")], ids="+".join)
async def test_a_key_asks_the_same_of_a_large_store(tmp_path: Path, keys: tuple[str, ...]) -> None:
    few, many = await asked(tmp_path, 100, *keys), await asked(tmp_path, 2000, *keys)
    assert few.statements == many.statements > 0
    assert 0 < many.steps <= 1.1 * few.steps + 20
