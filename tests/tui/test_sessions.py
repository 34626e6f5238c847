"""The recorded sessions of the documentation: their keys still work, and they load nothing."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import animated_svg  # noqa: E402
from animated_svg import Look, Run, Session, Shot  # noqa: E402
from make_sessions import OUTLETS, SCRIPTS, Script, recorded  # noqa: E402

_NAMESPACE = "http://www.w3.org/2000/svg"
SHOTS = tuple(
    Shot(((Run(word, len(word), Look("#ffffff")),),), seconds, "a", word)
    for word, seconds in (("one", 1.0), ("two", 3.0), ("two", 1.0), ("three & four", 5.0))
)
SESSION = Session("a < b", "what is told", 20, 3, animated_svg.merged(SHOTS), poster=1)


async def test_the_keys_of_a_session_still_work(tmp_path: Path) -> None:
    shots = await recorded(OUTLETS, tmp_path, calm=2)
    assert [shot.says for shot in shots if shot.says]
    assert len(shots) == sum(max(1, len(step.keys)) for step in OUTLETS.steps)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: str(one.name))
def test_a_session_loads_nothing_and_stands_still_where_that_is_wanted(script: Script) -> None:
    text = (DOCS / f"{script.name}.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert re.findall(r"\w+://[^\"' <]+", text) == [_NAMESPACE]
    assert not re.search(r"<script|<image|<foreignObject|@import|url\(|\son\w+=", text)
    assert "prefers-reduced-motion:reduce" in text
    assert len(text.encode()) < 400_000


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: str(one.name))
def test_a_session_is_that_of_its_script(script: Script) -> None:
    words = {
        "".join(one.itertext())
        for one in ElementTree.parse(DOCS / f"{script.name}.svg").iter(f"{{{_NAMESPACE}}}text")
    }
    assert {step.says for step in script.steps} <= words, "run docs/make_sessions.py"


def test_shots_that_show_the_same_are_one() -> None:
    assert [(shot.says, shot.seconds) for shot in SESSION.shots] == [
        ("one", 1.0), ("two", 4.0), ("three & four", 5.0),
    ]  # fmt: skip


def test_each_shot_is_shown_in_its_turn() -> None:
    text = animated_svg.animated(SESSION)
    assert "@keyframes k0{0.000%{visibility:visible}10.000%,to{visibility:hidden}}" in text
    assert "{0%{visibility:hidden}10.000%{visibility:visible}50.000%,to{visibility" in text
    assert "@keyframes k2{0%{visibility:hidden}50.000%{visibility:visible}}" in text


def test_still_screens_have_one_shot() -> None:
    tree = ElementTree.fromstring(animated_svg.still(SESSION, 2))
    shown = [one.get("class") for one in tree.iter() if "f " in one.get("class", "")]
    assert shown == ["f f2 p"]
    assert "three & four" in "".join(tree.itertext())


def test_words_keep_their_columns_where_viewers_close_up_blanks() -> None:
    row = (Run("  one   two", 11),)
    text = animated_svg.still(Session("t", "t", 20, 1, (Shot((row,), 1.0),)), 0)
    assert re.findall(r'<text x="(\d+)" y="13"[^>]*>(\w+)<', text) == [("16", "one"), ("64", "two")]
