"""Text from standard input."""

from __future__ import annotations

import pytest

from annotator.errors import ReadError
from annotator.inbox import decoding
from annotator.inbox.piped_input import PipedInput
from annotator.inbox.reading import ReadingRules
from annotator.store.store import Store
from annotator.store.values import TakenIn
from tests.helpers.building import NOW
from tests.helpers.ingesting import TEXT
from tests.helpers.packing import zipped


def give(store: Store, raw: bytes, name: str | None = None) -> TakenIn:
    arrivals, problem = PipedInput(raw, name).arrivals(ReadingRules())
    assert problem is None
    return store.files.take_in(list(arrivals))


@pytest.mark.parametrize(
    ("raw", "name", "texts"),
    [
        (b"The mayor said no.\r\n", None, ["The mayor said no.\n"]),
        (b"The mayor said no.", "wire.md", ["The mayor said no."]),
        (b"The mayor said no.", "wire without suffix", ["The mayor said no."]),
        (b'{"text": "One."}\n{"text": "Two."}\n', None, ["One.", "Two."]),
        (b'[{"text": "One."}, {"text": "Two."}]', None, ["One.", "Two."]),
        ('{"text": "Naïve."}'.encode("utf-16"), None, ["Naïve."]),
        (b"{curly} is how he talks.", None, ["{curly} is how he talks."]),
        (b"<!DOCTYPE html><html><body><p>The mayor said no.", None, ["The mayor said no."]),
        (b'{"text": "One."}', "one.txt", ['{"text": "One."}']),
        (
            b"From: a\nSubject: b\nMIME-Version: 1.0\n\nThe mayor said no.",
            None,
            ["The mayor said no."],
        ),
    ],
)
def test_piped_input_is_recognised_by_name_or_content(
    store: Store, raw: bytes, name: str | None, texts: list[str]
) -> None:
    taken = give(store, raw, name)
    articles = [store.articles.get(one) for one in taken.new]
    assert [article.text for article in articles] == texts
    assert {article.origin.name for article in articles} == {name}
    assert all(article.origin.received for article in articles)


@pytest.mark.parametrize("name", [None, "news.zip"])
def test_files_in_a_piped_archive_keep_their_names(store: Store, name: str | None) -> None:
    articles = [
        store.articles.get(one)
        for one in give(store, zipped({"a.txt": b"One.", "foreword/b.txt": b"Two."}), name).new
    ]
    assert [(one.origin.name, one.origin.part) for one in articles] == [
        ("a.txt", "a.txt"),
        ("b.txt", "foreword/b.txt"),
    ]


def test_piped_input_under_a_known_name_replaces_nothing(store: Store) -> None:
    for number in range(2):
        give(store, TEXT.format(number).encode(), "news.txt")
    assert give(store, TEXT.format(0).encode()) == TakenIn(known=1)
    assert store.queue.counts().articles == 2
    assert store.queue.counts().superseded == 0


def test_purged_piped_input_has_no_path(store: Store) -> None:
    (article,) = give(store, b"The mayor said no.").new
    contents = store.purge.contents(article)
    assert contents is not None
    assert contents.files == ()
    store.purge.article(article, by="carol", now=NOW)
    assert give(store, b"The mayor said no.") == TakenIn(rejected=1)
    assert [file.name for file in store.files.rejected()] == ["standard input"]


@pytest.mark.parametrize(
    ("raw", "reason", "hint"),
    [
        (b"", "What was given is empty", "text"),
        (b"%!PS-Adobe-3.0", "a PostScript document", "… | ps2ascii | annotator add -"),
        (b"\x1f\x8b\x08\0\0", "a gzip archive", "… | gunzip | annotator add -"),
        (b"PK\x03\x04....notes.txt", "breaks off or is damaged", "copy it again"),
        (
            b'{"body": "%s"}' % (b"The mayor said no. " * 9),
            'has no "text"',
            """… | jq -c '.text = ."body"' | annotator add -""",
        ),
        ("Der Bürgermeister sagte nein.".encode("latin-1"), "WINDOWS-1252", "| iconv -f WINDOWS"),
        (b"x" * 501, "too large", "max_size"),
        (b'{"text": 5}', "line 1 has a number", "pipe it again"),
    ],
    ids=["empty", "PostScript", "gzip", "zip", "other name", "Latin-1", "large", "no article"],
)
def test_piped_input_without_article_is_refused_with_advice(
    raw: bytes, reason: str, hint: str
) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        PipedInput(raw).arrivals(ReadingRules(max_size=500))
    assert hint in caught.value.hint


BINARY = [mark + b"....\0\0" for mark, *_ in decoding._MAGIC]
BINARY += [b"PK\x03\x04....notes.txt", b"x" * 257 + b"ustar" + b"\0" * 20]
ENCODED = [
    ("Der Bürgermeister sagte nein.", "latin-1"),
    ("No.", "utf-16-le"),
    ("She said no.", "utf-16-be"),
    ("No.", "utf-32"),
]
JSON = [
    b'{"items": [{"text": "The mayor said no."}]}',
    b'{"body": "%s"}' % (b"The mayor said no. " * 9),
    b'{"text": 5}',
    b"[]",
    b"{",
]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        *((raw, name) for raw in BINARY for name in ("given.txt", "given.jsonl")),
        *((text.encode(encoding), "given.txt") for text, encoding in ENCODED),
        *((raw, name) for raw in JSON for name in ("given.json", "given.jsonl")),
        *((b"", f"given.{suffix}") for suffix in ("txt", "json", "html")),
    ],
)
def test_messages_about_piped_input_name_no_file(raw: bytes, name: str) -> None:
    with pytest.raises(ReadError) as caught:
        PipedInput(raw, name).arrivals(ReadingRules())
    said = f"{caught.value.message} {caught.value.hint}"
    assert "given." not in said
    assert "The file" not in said
    assert "read again" not in said
