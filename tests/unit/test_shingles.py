"""The similarity of two texts, and the bands that find similar ones."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given

from annotator.core.annotations import Junk, JunkKind
from annotator.core.article import Span
from annotator.core.text.shingles import (
    ALIKE,
    LEAST,
    LONGEST,
    SIZE,
    likeness,
    may_be_later,
    shingles,
)
from annotator.store.linking.minhash import BANDS, bands_of
from tests.helpers.revisions import seeds
from tests.helpers.strategies import texts

PINNED = (7830802303667973944, -2836656242689128156)
TEXTS = tuple(record.article.text for record in seeds())


def told_again(text: str, rng: random.Random) -> str:
    """The same story under another headline, or with one more paragraph, or both."""
    title, _, body = text.partition("\n")
    if rng.random() < 0.6:
        title = "What the harbour master did not say on Tuesday night"
    paragraphs = body.split("\n")
    if rng.random() < 0.6:
        other = rng.choice([one for one in TEXTS if one != text])
        further = max(other.split("\n"), key=len)
        paragraphs.insert(rng.randrange(len(paragraphs) + 1), further)
    return f"{title}\n" + "\n".join(paragraphs)


def test_equal_texts_have_similarity_one() -> None:
    assert likeness(shingles(TEXTS[0]), shingles(TEXTS[0].upper())) == 1.0


def test_junk_is_left_out() -> None:
    text = TEXTS[0]
    line = "Read more: ten things that nobody told you about the ferry and its captain\n"
    junk = Junk("j", Span(0, len(line) - 1), JunkKind.RELATED_LINK)
    assert shingles(line + text, [junk.span]) == shingles(text)
    assert bands_of(line + text, [junk]) == bands_of(text)
    assert bands_of(line + text) != bands_of(text)


@pytest.mark.parametrize(
    ("one", "other", "later"),
    [
        ("Ferry vote slips", "Ferry vote held", True),
        ("Ferry vote slips", "Harbour wall falls", False),
        ("Ferry", "FERRY!", True),
        ("Ferry", "Harbour", False),
    ],
)
def test_very_short_texts_are_compared_by_word_pairs(one: str, other: str, later: bool) -> None:
    assert may_be_later(one, other) is later


def test_a_text_of_few_words_is_similar_to_none() -> None:
    few = " ".join(f"word{n}" for n in range(LEAST + SIZE - 2))
    assert shingles(few) == frozenset()
    assert bands_of(few) == ()
    assert likeness(shingles(few), shingles(few)) == 0.0
    assert len(shingles(few + " more")) == LEAST


@given(texts, texts)
def test_an_extended_text_may_be_a_revision(text: str, more: str) -> None:
    assert may_be_later(text, f"{text}\n{more}")
    assert may_be_later(f"{more}\n{text}", text)


@pytest.mark.parametrize("one", TEXTS)
def test_another_story_is_not_a_revision(one: str) -> None:
    assert not any(may_be_later(one, other) for other in TEXTS if other != one)


def test_common_small_words_do_not_make_a_revision() -> None:
    one = "The mayor of the town said that the bridge would be closed in the winter."
    other = "In the end, the owner of the mill said, that was all the town would want."
    assert not may_be_later(one, other)
    assert may_be_later(one, one.replace("winter", "spring"))


def test_only_the_start_of_a_very_long_text_counts() -> None:
    text = " ".join(f"word{n}" for n in range(LONGEST + 1000))
    assert len(shingles(text)) == LONGEST - SIZE + 1


@given(texts)
def test_any_text_has_bands_that_fit_the_database(text: str) -> None:
    bands = bands_of(text * 5)
    assert len(bands) in (0, BANDS)
    assert all(-(2**63) <= band < 2**63 for band in bands)


def test_bands_never_change() -> None:
    """They are stored, so another version of the library must not make others unnoticed."""
    text = " ".join(f"word{n}" for n in range(100))
    assert bands_of(text)[:2] == PINNED


def test_a_retold_story_is_found() -> None:
    rng = random.Random(20181219)
    pairs = [(text, told_again(text, rng)) for text in TEXTS * 20]
    alike = [likeness(shingles(one), shingles(other)) >= ALIKE for one, other in pairs]
    shared = [bool(set(bands_of(one)) & set(bands_of(other))) for one, other in pairs]
    assert all(alike)
    assert sum(shared) >= 0.98 * len(pairs)


@pytest.mark.parametrize("k", range(len(TEXTS)))
def test_other_stories_about_the_same_days_are_not_similar(k: int) -> None:
    others = [text for n, text in enumerate(TEXTS) if n != k]
    assert max(likeness(shingles(TEXTS[k]), shingles(other)) for other in others) < 0.1
    assert not any(set(bands_of(TEXTS[k])) & set(bands_of(other)) for other in others)


def test_a_shingle_is_a_run_of_words() -> None:
    words = re.findall(r"\w+", TEXTS[0].casefold())
    assert " ".join(words[3 : 3 + SIZE]) in shingles(TEXTS[0])
