"""`story` as users call it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.annotations import Claim
from annotator.core.article import identity_of
from annotator.store.store import Store
from tests.e2e.conftest import Annotator
from tests.helpers.building import NOW, ready
from tests.helpers.items import entity, span

pytestmark = pytest.mark.usefixtures("forked", "database")
FIRE = "Ferry burns\n\nAda Low and Bo Marsh of Greyline said that 47 passengers were hurt.\n"
ALSO = "Fire at sea\n\nAda Low and Bo Marsh of Greyline: 50 passengers were hurt\x1b[31m\n"
NAMES = (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Greyline", "ORG"))


def articles(desk: Path, *, story: Sequence[str] = (FIRE, ALSO)) -> None:
    """Two articles on one event, and the story of some of them."""
    store = Store.open(f"sqlite:///{desk / 'annotator.db'}")
    for text, said in ((FIRE, "47 passengers were hurt"), (ALSO, "50 passengers were hurt")):
        names = [entity(text, words, label, id=words) for words, label in NAMES]
        ready(store, text, [*names, Claim("c1", (span(text, said),))])
    if story:
        made = create_story(Story("s1", "The ferry", tuple(map(identity_of, story))))
        store.stories.append(to_story_decisions((made,), StoryPress("g", "ada", NOW), ids=("d",)))
    store.close()


def test_stories_and_proposals_are_listed(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk", story=())
    (proposed,) = annotator("story", "--json").result["proposals"]
    assert set(proposed["articles"]) == {identity_of(FIRE), identity_of(ALSO)}
    assert proposed["story"] is None
    first = proposed["articles"][0]
    assert annotator("story").out.startswith(f"{first[:12]}    2 articles  proposed: ")
    (story,) = annotator("story", "--json").result["stories"]
    assert (story["id"], story["is_proposed"]) == (first, True)


@pytest.mark.parametrize("text", [FIRE, ALSO])
@pytest.mark.parametrize("story", [(), (FIRE, ALSO)])
def test_a_board_is_found_by_an_article_before_and_after_its_story_is_accepted(
    annotator: Annotator, tmp_path: Path, text: str, story: Sequence[str]
) -> None:
    articles(tmp_path / "desk", story=story)
    board = annotator("story", identity_of(text)[:20], "--json").result
    assert len(board["propositions"]) == 1
    assert board["is_proposed"] is not bool(story)


def test_an_article_is_proposed_for_a_story(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk", story=(FIRE,))
    listed = annotator("story", "--json").result
    assert listed["stories"] == [
        {"id": "s1", "title": "The ferry", "articles": [identity_of(FIRE)], "is_proposed": False}
    ]
    assert [one["story"] for one in listed["proposals"]] == ["s1"]


def test_a_board_shows_where_accounts_differ(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    board = annotator("story", "s", "--json").result
    assert [one["article"] for one in board["articles"]]
    (row,) = board["propositions"]
    assert row["conflict"] is True
    assert {one["stance"] for one in row["accounts"]} == {"asserts"}
    assert [one["relation"] for one in board["proposed"]] == ["contradicts"]
    assert "conflict: " in annotator("story", "s1").out


def test_files_are_written(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    page, table, graph = (tmp_path / f"board.{kind}" for kind in ("html", "csv", "graphml"))
    done = annotator(
        *("story", "s1", "--html", str(page), "--csv", str(table), "--graphml", str(graph))
    )
    assert done.status == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert table.read_bytes().startswith(b"\xef\xbb\xbfproposition,")
    assert ElementTree.fromstring(graph.read_bytes()).tag.endswith("graphml")
    again = page.read_bytes()
    annotator("story", "s1", "--html", str(page))
    assert page.read_bytes() == again


def test_nothing_is_written_through_a_link(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    (tmp_path / "there").write_text("mine", "utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "there")
    done = annotator("story", "s1", "--html", str(tmp_path / "link.html"))
    assert done.status == 1
    assert (tmp_path / "there").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["annotator.db", "annotator.toml"])
def test_no_output_replaces_what_the_workspace_needs(
    annotator: Annotator, tmp_path: Path, name: str
) -> None:
    desk = tmp_path / "desk"
    articles(desk)
    before = (desk / name).read_bytes()
    done = annotator("story", "s1", "--csv", str(desk / name))
    assert (done.status, "nothing was written" in done.err) == (1, True)
    assert (desk / name).read_bytes() == before


def test_an_invisible_target_gives_a_message(annotator: Annotator) -> None:
    assert "No story has the id 'x'" in annotator("story", "x").err
    assert annotator("story", "--html", "x.html").status == 2
    done = annotator("story")
    assert (done.status, done.out) == (0, "")
    assert "none is proposed" in done.err
