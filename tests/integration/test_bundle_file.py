"""The file of a bundle: what is written is read back; anything else has a clear answer."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article
from annotator.core.bundled import (
    BundledArticle,
    BundledReview,
    BundledSet,
    BundleHead,
    BundleScheme,
)
from annotator.core.decisions import accept
from annotator.core.record import PipelineId
from annotator.core.review import Review
from annotator.errors import AnnotatorError
from annotator.formats.bundle_file import BundleError, BundleLimits, BundleWriter, opened_bundle
from tests.helpers.building import NOW
from tests.helpers.machines import ADA, TEXT, made, opened
from tests.helpers.strategies import reviewed_articles

HEAD = BundleHead("b1", NOW, ("ada",), 1, BundleScheme("labels", "1", ("PERSON", "GPE")), NOW)


def _of(article: Article, review: Review) -> BundledArticle:
    suggested = BundledSet(PipelineId("p", "1", "ab"), NOW, review.suggestions)
    own = BundledReview(review.reviewer, "review", NOW, True, 0, review.decisions)
    return BundledArticle(article, NOW, (suggested,), (own,))


ONE = _of(Article(TEXT), made(opened(), [accept(ADA)], 1, "home"))


def _bytes(*entries: BundledArticle, head: BundleHead = HEAD) -> bytes:
    file = io.BytesIO()
    writer = BundleWriter(file, head)
    writer.add_all(entries)
    writer.close()
    return file.getvalue()


GOOD = _bytes(ONE)


def _read(path: Path, content: bytes, **limits: Any) -> list[Any]:
    path.write_bytes(content)
    with opened_bundle(path, BundleLimits(**limits)) as bundle:
        return [bundle.head, *bundle.entries()]


def _lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


@given(reviewed_articles())
def test_written_values_are_read_back(tmp_path: Path, one: tuple[Article, Review]) -> None:
    entry = _of(*one)
    assert _read(tmp_path / "b", _bytes(entry)) == [HEAD, entry]


def test_the_same_bundle_has_the_same_bytes() -> None:
    assert _bytes(ONE) == GOOD


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_changed_byte_is_found(tmp_path: Path, place: int, by: int) -> None:
    """All but some of the last bits of the stream, which say nothing and which nobody reads."""
    changed = bytearray(GOOD)
    changed[place] ^= by
    try:
        found = _read(tmp_path / "b", bytes(changed))
    except BundleError:
        return
    assert (place, found) == (len(GOOD) - 9, [HEAD, ONE])


@given(st.integers(0, len(GOOD) - 1))
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(BundleError):
        _read(tmp_path / "b", GOOD[:length])


def test_what_follows_the_end_is_refused(tmp_path: Path) -> None:
    for more in (GOOD, b"more", gzip.compress(b"{}\n")):
        with pytest.raises(BundleError):
            _read(tmp_path / "b", GOOD + more)


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b'{"format":"annotator.record/1"}\n', "perhaps a dataset"),
        (_zip(), "it is a zip file"),
        (gzip.compress(GOOD), "it is a gzip file"),
        (b"SQLite format 3\0", "it is not a bundle"),
        (gzip.compress(b'{"format":"annotator.bundle/1"}\n', mtime=1), "it is a gzip file"),
    ],
    ids=["empty", "dataset", "zip", "gzip", "database", "other gzip"],
)
def test_other_files_than_bundles_are_named(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(BundleError, match=why):
        _read(tmp_path / "b", content)


def test_a_pipe_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with (
            pytest.raises(BundleError, match=f"{name} is not a file"),
            opened_bundle(tmp_path / name),
        ):
            pass


Change = Callable[[list[Any]], object]


def _article(lines: list[Any]) -> Any:
    return lines[1]["article"]


def _decision(lines: list[Any]) -> Any:
    return _article(lines)["reviews"][0]["decisions"][0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda all: all[0].update(format="annotator.bundle/2"), "does not know"),
        (lambda all: all[0].update(format="annotator.record/1"), "not a bundle"),
        (lambda all: all[0].update(reviewers="ada"), "first line is wrong"),
        (lambda all: all.insert(1, []), "is not an object"),
        (lambda all: all.insert(1, {"file": "../x"}), "article: is missing"),
        (lambda all: _article(all).update(text="Another."), "hash of the text"),
        (lambda all: _article(all)["origin"].update(name="../../x"), "not a path"),
        (lambda all: _article(all)["sets"][0].update(base=0), "an earlier one"),
        (lambda all: _article(all)["sets"][0]["items"][0].update(end=9), "reads"),
        (lambda all: _article(all)["reviews"][0].update(set=7), "no such suggestion set"),
        (lambda all: _article(all)["reviews"][0].update(kind="none"), "is not one of ours"),
        (lambda all: _article(all)["reviews"][0].update(reviewer="bob"), "another review"),
        (lambda all: _decision(all).update(seq=2), "decisions are missing"),
        (lambda all: _decision(all).update(target="e99"), "article: "),
        (lambda all: _decision(all)["before"].update(text="Bob"), "reads"),
        (lambda all: _decision(all).update(keys=-1), "not negative"),
        (lambda all: _decision(all).update(at="soon"), "not a time"),
    ],
)
def test_a_line_that_does_not_hold_what_it_should_is_refused(
    tmp_path: Path, change: Change, why: str
) -> None:
    lines = _lines(GOOD)
    change(lines)
    with pytest.raises(AnnotatorError, match=why):
        _read(tmp_path / "b", _resealed(lines))


def _resealed(lines: list[Any]) -> bytes:
    """The file with these lines and a right end, as somebody who wants to deceive would make it."""
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines[:-1])
    end = {"end": {"lines": len(lines) - 1, "sha256": sha256(body).hexdigest()}}
    file = io.BytesIO()
    with gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
        stream.write(body + json.dumps(end).encode() + b"\n")
    return file.getvalue()


def test_a_resealed_file_is_a_bundle(tmp_path: Path) -> None:
    assert _read(tmp_path / "b", _resealed(_lines(GOOD))) == [HEAD, ONE]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"line": 1000}, "a line that is too long"),
        ({"spare": 0, "ratio": 1}, "more than a file of its size"),
        ({"lines": 1}, "more than a file of its size"),
        ({"seconds": -1.0}, "takes too long"),
    ],
)
def test_reading_has_limits(tmp_path: Path, limits: dict[str, Any], why: str) -> None:
    long = _of(Article("word " * 2000), opened())
    long = replace(long, sets=(), reviews=())
    with pytest.raises(BundleError, match=why):
        _read(tmp_path / "b", _bytes(long), **limits)
