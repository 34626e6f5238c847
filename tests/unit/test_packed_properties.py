"""What holds for all archives and mails: the articles are those of the files, and damage of any
kind ends in articles or a clear refusal."""

from __future__ import annotations

import email
import string
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.inbox.mail.mail_text import reflowed
from annotator.inbox.readers import articles_of
from tests.helpers.packing import mail, read, tarred, zipped

NAMES = st.text(string.ascii_letters + "äЖ é-", min_size=1, max_size=8).map(
    lambda name: f"a{name.strip()}"
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    lambda text: any(map(str.isalnum, text)) and not text.startswith("%PDF")
)
TEXTS = WORDS.map(str.encode)
LISTS = st.lists(WORDS, min_size=1, max_size=3).map(
    lambda texts: "".join(f'{{"text": {_quoted(text)}}}\n' for text in texts).encode()
)
FILES = st.dictionaries(
    st.builds(lambda folders, name: "/".join((*folders, name)), st.lists(NAMES, max_size=2), NAMES),
    st.one_of(
        TEXTS.map(lambda raw: (".txt", raw)),
        TEXTS.map(lambda raw: (".md", raw)),
        LISTS.map(lambda raw: (".jsonl", raw)),
    ),
    min_size=1,
    max_size=6,
).map(lambda files: {f"{path}{suffix}": raw for path, (suffix, raw) in files.items()})
KINDS = ("x.zip", "x.tar.gz", "x.tar")


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def packed(files: Sequence[tuple[str, bytes]], name: str) -> bytes:
    return (
        zipped(files) if name == "x.zip" else tarred(files, mode="w" if name == "x.tar" else "w:gz")
    )


@given(FILES, st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_an_archive_has_exactly_the_articles_of_its_files(files, name, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(files.items())
    random.shuffle(shuffled)
    articles, problem = read(packed(shuffled, name), name)
    assert problem is None
    alone = [
        (
            one.text,
            one.title,
            one.origin.name,
            f"{path}:{part}" if (part := one.origin.part) else path,
        )
        for path, raw in files.items()
        for one in articles_of(raw, path.rpartition("/")[2])
    ]
    packed_ones = [(one.text, one.title, one.origin.name, one.origin.part) for one in articles]
    assert sorted(packed_ones) == sorted(alone)


ARCHIVES = {
    name: packed(
        [
            ("one.txt", b"The mayor of Varnholm said no on Tuesday."),
            ("in/Zwei.txt", "Die Bürgermeisterin sagte nein.".encode()),
            ("in/list.jsonl", b'{"text": "One of three."}\n{"text": "Two of three."}\n'),
        ],
        name,
    )
    for name in KINDS
}
TEXTS_PACKED = {
    "The mayor of Varnholm said no on Tuesday.",
    "Die Bürgermeisterin sagte nein.",
    "One of three.",
    "Two of three.",
}
CHANGES = st.lists(st.tuples(st.integers(0, 100_000), st.integers(1, 255)), min_size=1, max_size=3)


def changed(raw: bytes, changes: Sequence[tuple[int, int]]) -> bytes:
    damaged = bytearray(raw)
    for place, mask in changes:
        damaged[place % len(raw)] ^= mask
    return bytes(damaged)


@pytest.mark.parametrize("name", KINDS)
@given(changes=CHANGES)
def test_a_damaged_archive_ends_in_articles_or_a_reason(name: str, changes) -> None:  # type: ignore[no-untyped-def]
    articles, problem = read(changed(ARCHIVES[name], changes), name)
    assert articles or problem is not None
    said = problem.message if problem is not None else ""
    assert "reader for" not in said or "no reader for" in said
    texts = {one.text for one in articles}
    if name != "x.tar":  # in which nothing protects the text
        assert texts <= TEXTS_PACKED
    if len(texts) < len(TEXTS_PACKED) and name != "x.tar":
        assert said


@pytest.mark.parametrize("name", KINDS)
@given(cut=st.integers(1, 100_000))
def test_an_archive_that_breaks_off_says_so(name: str, cut: int) -> None:
    raw = ARCHIVES[name]
    articles, problem = read(raw[: cut % len(raw)], name)
    assert {one.text for one in articles} <= TEXTS_PACKED
    # A tar archive ends with blocks of zeros, of which one is enough.
    assert problem is not None or (name == "x.tar" and len(articles) == len(TEXTS_PACKED))


LETTER = mail("Die Bürgermeisterin sagte nein, und ging.", subject="Brücke gesperrt")
LETTER.add_attachment("The whole statement of the mayor.", filename="statement.txt")
LETTER.add_attachment(mail("Forwarded words."))
MAIL = LETTER.as_bytes()


@given(changes=CHANGES)
def test_a_damaged_mail_ends_in_articles_or_a_reason(changes) -> None:  # type: ignore[no-untyped-def]
    articles, problem = read(changed(MAIL, changes), "x.eml")
    assert articles or problem is not None
    if problem is not None:
        assert "failed" not in problem.message
    for article in articles:
        assert article.text.encode()


@given(st.binary(max_size=300), st.sampled_from([*KINDS, "x.eml", "x.mbox", "x.txt.gz"]))
def test_any_bytes_are_read_or_refused(raw: bytes, name: str) -> None:
    heads = {"x.eml": b"Subject: a\n", "x.mbox": b"From a 10:00\n", "x.zip": b"PK\3\4"}
    for begun in (raw, heads.get(name, b"\x1f\x8b\x08\0") + raw):
        articles, problem = read(begun, name)
        assert articles or problem is not None
        if problem is not None:
            assert "failed" not in problem.message


HEADERS = st.sampled_from(
    ["From", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding", "List-Id"]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.text(
        "=?utf-8qb <>@,;:\"'()[]\\=%* multipart/mixed;boundary=text/plain charset", max_size=40
    ),
)


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=5), WORDS)
def test_any_headers_are_read_or_refused(headers, body) -> None:  # type: ignore[no-untyped-def]
    lines = (f"{name}: {' '.join(value.split())}" for name, value in headers)
    raw = "\n".join(("MIME-Version: 1.0", *lines, "", body)).encode("utf-8", "surrogatepass")
    articles, problem = read(raw, "x.eml")
    assert articles or problem is not None
    if problem is not None:
        assert "failed" not in problem.message
    for article in articles:
        assert "@" not in (article.origin.author or "")


@given(WORDS)
def test_the_text_of_a_mail_is_what_was_sent(text: str) -> None:
    articles, problem = read(mail(text).as_bytes(), "x.eml")
    sent = email.message_from_bytes(mail(text).as_bytes()).get_payload(decode=True)
    assert problem is None
    assert [one.text for one in articles] == [sent.decode().strip()]  # type: ignore[union-attr]


@given(st.text("ab >-\n", max_size=60))
def test_reflowing_changes_nothing_but_blanks_quotes_and_line_ends(text: str) -> None:
    def letters(some: str) -> str:
        return "".join(letter for letter in some if letter not in " >\n")

    assert letters(reflowed(text)) == letters(text)
