"""Articles in JSON: those that are read, and the messages about the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article, Origin
from annotator.errors import ReadError
from annotator.inbox.readers import PIECE, Piece, articles_of, pieces_of, size_limit

GOLD = Path(__file__).parents[2] / "seeds" / "gold"


def lines(*objects: Any) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in objects)


def read(raw: bytes, name: str = "news.jsonl", **how: Any) -> tuple[tuple[Article, ...], str, str]:
    """The articles of a file, and what it says of the rest with what to do about it."""
    pieces = list(pieces_of(raw, name, **how))
    assert [piece.is_last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    problem = pieces[-1].problem
    said = (problem.message, problem.hint) if problem else ("", "")
    return sum((piece.articles for piece in pieces), ()), *said


# What is read


def test_each_line_is_an_article_with_its_number() -> None:
    raw = lines({"text": "One said no."}, {"text": "Two said yes.", "title": " Two\n says "})
    one, two = articles_of(b"\n" + raw.replace(b"\n", b"\r\n\r\n"), "news.jsonl")
    assert (one.text, one.title, one.origin) == (
        "One said no.",
        "One said no.",
        Origin(name="news.jsonl", part="2"),
    )
    assert (two.title, two.origin.part) == ("Two says", "4")


def test_known_fields_are_used_and_the_rest_goes_into_meta() -> None:
    (article,) = articles_of(
        lines(
            {
                "text": "One said no.\r\nTwo did too.",
                "url": "https://post.example/1",
                "outlet": "Varnholm Post",
                "author": ["Ada Low", "Bo Marsh"],
                "published": 2018,
                "meta": {"desk": "world", "id": 1},
                "id": 77,
                "nested": {"a": [1.5, None, True]},
            }
        ),
        "news.json",
    )
    assert article.text == "One said no.\nTwo did too."
    assert article.origin == Origin(
        name="news.json", outlet="Varnholm Post", url="https://post.example/1"
    )
    assert article.meta == {
        "desk": "world",
        "id": 1,
        "_id": 77,
        "author": ["Ada Low", "Bo Marsh"],
        "published": 2018,
        "nested": {"a": [1.5, None, True]},
    }


def test_prodigys_input_is_read_unchanged() -> None:
    task = {
        "text": "Ada Low said no.",
        "meta": {"source": "desk"},
        "spans": [{"start": 0, "end": 7, "label": "PERSON"}],
        "_input_hash": -1842,
    }
    (article,) = articles_of(lines(task), "tasks.jsonl")
    assert article.text == "Ada Low said no."
    rest = {key: task[key] for key in ("spans", "_input_hash")}
    assert article.meta == {"source": "desk", **rest}


@pytest.mark.parametrize("labels", [{"label": [[0, 7, "PER"]]}, {"labels": ["news"]}, {}])
def test_doccanos_input_is_read_unchanged(labels: dict[str, Any]) -> None:
    (article,) = articles_of(lines({"id": 4, "text": "Ada Low said no.", **labels}), "all.jsonl")
    assert (article.text, article.meta) == ("Ada Low said no.", {"id": 4, **labels})


def test_our_record_gives_its_text_and_origin() -> None:
    raw = sorted(GOLD.glob("*.jsonl"))[0].read_bytes().splitlines()[0]
    record = json.loads(raw)
    (article,) = articles_of(raw, "gold.jsonl")
    assert article.id == record["id"]
    assert article.title == record["title"]
    assert article.meta == record["meta"]
    assert article.origin.name == "gold.jsonl"
    assert article.also_from == (Origin(**record["origin"]),)


@pytest.mark.parametrize("name", ["list.json", "list.jsonl"])
def test_a_list_gives_an_article_for_each_item(name: str) -> None:
    raw = json.dumps([{"text": "One said no."}, {"text": "Two said yes."}], indent=1).encode()
    assert [(a.text, a.origin.part) for a in articles_of(raw, name)] == [
        ("One said no.", "1"),
        ("Two said yes.", "2"),
    ]


@pytest.mark.parametrize("name", ["one.json", "one.jsonl"])
def test_a_multi_line_object_is_one_article(name: str) -> None:
    (article,) = articles_of(json.dumps({"text": "One said no."}, indent=1).encode(), name)
    assert (article.text, article.origin.part) == ("One said no.", None)


def test_json_lines_are_read_under_either_suffix() -> None:
    raw = lines({"text": "One said no."}, {"text": "Two said yes."})
    assert [a.origin.part for a in articles_of(raw, "news.json")] == ["1", "2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_byte_order_mark_are_read(encoding: str) -> None:
    raw = '{"text": "Naïve."}\n{"text": "Two said yes."}\n'.encode(encoding)
    assert [a.text for a in articles_of(raw, "news.jsonl")] == ["Naïve.", "Two said yes."]


def test_a_configured_fallback_encoding_is_used() -> None:
    raw = '{"text": "Naïve."}\n'.encode("cp1252")
    (article,) = articles_of(raw, "news.jsonl", encodings=("cp1252",))
    assert article.text == "Naïve."


# What is not


GOOD = b'{"text": "Ada Low said no."}\n'
BAD = [
    ("no JSON", b"The mayor said no.", "is not JSON (expecting value, at character 1)"),
    ("cut off", b'{"text": "The may', "is not JSON (unterminated string"),
    ("two on a line", b'{"text": "a"} {"text": "b"}', "is not JSON (extra data"),
    ("a list", b'["The mayor said no."]', "is a list, not an object"),
    ("a text", b'"The mayor said no."', "is a text, not an object"),
    ("a number", b"17", "is a number, not an object"),
    ("null", b"null", "is null, not an object"),
    ("no text", b'{"title": "No", "body": "x"}', 'has no "text", only "title", "body"'),
    ("an empty object", b"{}", 'has no "text", only nothing'),
    ("a text that is a number", b'{"text": 5}', 'has a number as its "text"'),
    ("a text that is a list", b'{"text": ["a"]}', 'has a list as its "text"'),
    ("a text that is null", b'{"text": null}', 'has null as its "text"'),
    ("an empty text", b'{"text": " \\n"}', "is not an article (the text is empty)"),
    ("a text without words", b'{"text": "--"}', "is not an article (the text contains no words)"),
    ("NUL", b'{"text": "a\\u0000b"}', "contains NUL"),
    ("half a character", b'{"text": "a \\ud800 b"}', "unpaired surrogate"),
    ("half a character in meta", b'{"text": "a", "m": "\\ud800"}', "unpaired surrogate"),
    ("half a character in a key", b'{"text": "a", "m": {"\\udc00": 1}}', "unpaired surrogate"),
    ("a key twice", b'{"text": "a", "text": "b"}', 'has "text" twice'),
    ("NaN", b'{"text": "a", "score": NaN}', "contains NaN"),
    ("infinity", b'{"text": "a", "score": -Infinity}', "contains -Infinity"),
    ("a huge fraction", b'{"text": "a", "score": 1e999}', "a number that is too large"),
    ("a huge number", b'{"text": "a", "id": ' + b"9" * 5000 + b"}", "a number of 5000 digits"),
    ("just too large", b'{"text": "a", "id": 18446744073709551616}', "a number of 20 digits"),
    ("nested", b'{"text": "a", "m": ' + b"[" * 150 + b"]" * 150 + b"}", "nested too deeply"),
    ("a bomb", b'{"text": "a", "m": ' + b"[" * 200_000, "nested too deeply"),
    ("not UTF-8", '{"text": "Über Öl."}'.encode("latin-1"), "is not UTF-8 text"),
]


@pytest.mark.parametrize(("raw", "why"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_line_is_named_and_the_others_are_read(raw: bytes, why: str) -> None:
    articles, said, hint = read(GOOD + raw + b"\n" + GOOD)
    assert [article.origin.part for article in articles] == ["1", "3"]
    assert said.startswith("1 of 3 lines could not be taken in: line 2 ")
    assert why in said
    assert hint


def test_a_bad_item_is_named_and_the_others_are_read() -> None:
    articles, said, hint = read(b'[{"text": "One said no."}, 5, {"text": ""}]', "list.json")
    assert [article.text for article in articles] == ["One said no."]
    assert said == (
        "2 of 3 items could not be taken in: item 2 is a number, not an object; "
        "item 3 is not an article (the text is empty)."
    )
    assert "read again by itself" in hint


def test_many_bad_lines_are_counted() -> None:
    articles, said, _ = read(GOOD + b"no\n" * 5000)
    assert len(articles) == 1
    assert said.startswith("5,000 of 5,001 lines")
    assert said.endswith("; and 4,997 more.")


def test_a_file_without_json_is_given_up_early() -> None:
    articles, said, _ = read(b"2018-12-19 09:00 all is well\n" * 100_000)
    assert articles == ()
    assert said.endswith("; and so on to line 1000, where reading was given up.")


@pytest.mark.parametrize(
    ("raw", "why", "hint"),
    [
        (b"", "is empty", "Save"),
        (b" \n \n", "is empty", "Save"),
        (b"[]", "list of articles is empty", "Save"),
        (b"[" * 300_000, "nested too deeply", "JSON"),
        (b'{"text": 5}', 'has a number as its "text"', "read again"),
        (b'{"status": "ok", "articles": [{"text": "x"}]}', 'has no "text"', "jq '.\"articles\"'"),
        (b'{"body": "x"}', 'has no "text"', 'the name "text"'),
        (b'{\n"text": "x",\n', "is not JSON", "JSON"),
        ('{"text": "Naïve."}'.encode("utf-16-le"), "UTF-16 without its mark", "iconv"),
        (b"\0" * 10_000, "is not JSON", "JSON"),
    ],
)
def test_a_file_without_article_is_refused_with_advice(raw: bytes, why: str, hint: str) -> None:
    with pytest.raises(ReadError) as caught:
        articles_of(raw, "one.json")
    assert why in caught.value.message
    assert hint in caught.value.hint


def test_invalid_origins_are_kept_but_not_used() -> None:
    plain = {
        "format": "annotator.record/1",
        "text": "One said no.",
        "origin": {"name": "../../etc/passwd", "url": ["x"]},
        "also_from": [{"name": "old.txt", "received": "yesterday"}, 7],
        "meta": None,
    }
    (article,) = articles_of(lines(plain), "one.jsonl")
    assert article.origin == Origin(name="one.jsonl", part="1")
    assert article.also_from == (Origin(name="old.txt"),)
    assert article.meta == {}


# Many of them


def test_a_long_file_is_read_in_pieces() -> None:
    raw = b"".join(b'{"text": "Article %d."}\n' % n for n in range(2 * PIECE + 1))
    pieces: list[Piece] = list(pieces_of(raw, "news.jsonl"))
    assert [len(piece.articles) for piece in pieces] == [PIECE, PIECE, 1]


def test_the_size_limit_applies_to_each_article() -> None:
    raw = lines({"text": "One."}, {"text": "Too long. " * 20}, {"text": "ä" * 60}, {"text": "Two."})
    articles, said, hint = read(raw, max_size=100)
    assert [article.text for article in articles] == ["One.", "Two."]
    assert said == "Too large for one article (more than 100 bytes): 2, 3."
    assert "max_size" in hint
    assert size_limit("news.jsonl", 100) == 2500
    assert size_limit("news.txt", 100) == 100


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,text\\u0ed8 1\n', max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes | str) -> None:
    bytes_ = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    for name in ("any.json", "any.jsonl"):
        articles, said, _ = read(bytes_, name)
        assert articles or said
        assert "failed" not in said
