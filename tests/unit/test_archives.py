"""Archives of articles: each file in one is read as it would be in a folder."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from annotator.inbox import readers
from annotator.inbox.archives import archive_members
from tests.helpers.packing import NO, YES, Files, mail, placed, read, tarred, zipped

PAGE = b"<html><body><article><p>The mayor of Varnholm said it again on Monday.</p></article>"


Pack = Callable[[Files], bytes]


PACKED = [
    ("news.zip", zipped),
    ("news.tar.gz", tarred),
    ("news.tgz", tarred),
    ("news.tar", lambda files: tarred(files, mode="w")),
    ("NEWS.TAR.GZ", tarred),
]


each_archive = pytest.mark.parametrize(("name", "pack"), PACKED, ids=[name for name, _ in PACKED])


@each_archive
def test_each_file_is_an_article_with_its_name_and_its_path(name: str, pack: Pack) -> None:
    articles, problem = read(pack({"a.txt": NO, "in/deep/b.md": YES, "./c.txt": b"C."}), name)
    assert problem is None
    assert placed(articles) == [
        ("a.txt", "a.txt", NO.decode()),
        ("b.md", "in/deep/b.md", YES.decode()),
        ("c.txt", "c.txt", "C."),
    ]


@each_archive
def test_files_of_many_articles_keep_their_lines(name: str, pack: Pack) -> None:
    lines = b'{"text": "One."}\n{"text": 5}\n{"text": "Three."}\n'
    articles, problem = read(pack({"in/list.jsonl": lines}), name)
    assert placed(articles) == [
        ("list.jsonl", "in/list.jsonl:1", "One."),
        ("list.jsonl", "in/list.jsonl:3", "Three."),
    ]
    assert problem is not None
    assert "in/list.jsonl: 1 of 3 lines could not be taken in: line 2 has" in problem.message


@each_archive
def test_files_that_are_ignored_in_a_folder_are_ignored(name: str, pack: Pack) -> None:
    ignored = {
        "__MACOSX/._a.txt": b"\0\1",
        "in/.DS_Store": b"\0\1",
        "Thumbs.db": b"\0",
        "README.md": YES,
        "in/Bridge_files/app.js": b"go()",
        "in/Bridge_files/deep/x.html": PAGE,
    }
    articles, problem = read(pack({**ignored, "a.txt": NO, "in/Bridge.html": PAGE}), name)
    assert problem is None
    assert [one.origin.name for one in articles] == ["a.txt", "Bridge.html"]


@each_archive
def test_each_file_that_is_not_read_is_named_with_its_reason(name: str, pack: Pack) -> None:
    bad = {
        "photo.jpg": b"\xff\xd8\xff",
        "in/logo.jpg": b"\xff\xd8\xff",
        "empty.txt": b"",
        "in/inner.zip": zipped({"x.txt": YES}),
        "in/x.txt.gz": gzip.compress(YES),
        "note.xyz": YES,
        "latin.txt": "Öl für alle, sagte er.".encode("latin-1"),
        "../up.txt": YES,
        "/etc/top.txt": YES,
    }
    articles, problem = read(pack({**bad, "a.txt": NO}), name)
    assert [one.origin.name for one in articles] == ["a.txt"]
    assert problem is not None
    for said in (
        "9 of 10 files in the archive could not be taken in: ",
        "photo.jpg, in/logo.jpg: this is a picture (JPEG), not text;",
        "empty.txt: is empty;",
        "in/inner.zip, in/x.txt.gz: this is an archive in an archive;",
        "note.xyz: there is no reader for .xyz files;",
        "latin.txt: is not UTF-8 text (byte 0xd6 at 0); it is probably WINDOWS-1252;",
        "../up.txt, /etc/top.txt: its path leads out of the archive.",
    ):
        assert said in problem.message
    assert "unpacked" in problem.hint


@each_archive
def test_very_many_bad_files_are_counted(name: str, pack: Pack) -> None:
    _, problem = read(pack({f"{'long ' * 30}{n}.jpg": b"\xff\xd8\xff" for n in range(300)}), name)
    assert problem is not None
    assert "300 of 300 files" in problem.message
    assert "more." in problem.message
    assert len(problem.message) < 2_000


@pytest.mark.filterwarnings("ignore:Duplicate name")
@each_archive
def test_two_files_of_one_name_are_two_articles(name: str, pack: Pack) -> None:
    articles, problem = read(pack([("a.txt", NO), ("a.txt", YES)]), name)
    assert problem is None
    assert placed(articles) == [
        ("a.txt", "a.txt", NO.decode()),
        ("a.txt", "a.txt (2)", YES.decode()),
    ]


@each_archive
def test_an_empty_archive_says_so(name: str, pack: Pack) -> None:
    articles, problem = read(pack({}), name)
    assert not articles
    assert problem is not None
    assert problem.message == "The archive is empty."


@each_archive
def test_a_large_file_is_refused_before_it_is_unpacked(name: str, pack: Pack) -> None:
    articles, problem = read(pack({"large.txt": b"No. " * 500, "a.txt": NO}), name, max_size=1000)
    assert [one.origin.name for one in articles] == ["a.txt"]
    assert problem is not None
    assert "large.txt: it is too large" in problem.message


@each_archive
def test_a_mail_in_an_archive_is_read(name: str, pack: Pack) -> None:
    letter = mail("The mayor said no.\n")
    letter.add_attachment("The whole statement.", filename="statement.txt")
    articles, problem = read(pack({"in/letter.eml": letter.as_bytes()}), name)
    assert problem is None
    assert placed(articles) == [
        ("letter.eml", "in/letter.eml", "The mayor said no."),
        ("statement.txt", "in/letter.eml:statement.txt", "The whole statement.\n"),
    ]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_that_unpacks_to_too_much_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    monkeypatch.setattr(archive_members, "_SPARE", 1_000_000)
    name = "x.zip" if pack is zipped else "x.tgz"
    raw = pack({f"{n}.txt": b"No. " * 100_000 for n in range(30)})
    articles, problem = read(raw, name)
    assert not articles
    assert problem is not None
    assert "100 times its size" in problem.message
    _, problem = read(
        pack({f"{n}.txt": b"%03d." % n * 200 for n in range(130)}), name, max_size=1_000
    )
    assert problem is not None
    assert "it unpacks to more than" in problem.message


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_of_too_many_files_is_refused(
    monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    monkeypatch.setattr(archive_members, "MOST_MEMBERS", 10)
    name = "x.zip" if pack is zipped else "x.tgz"
    _, problem = read(pack({f"{n}.txt": NO for n in range(11)}), name)
    assert problem is not None
    assert "more than 10 files" in problem.message


# zip


def test_a_piece_ends_where_reading_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_PIECE_SECONDS", 0.0)
    pieces = list(readers.pieces_of(zipped({"a.txt": NO, "b.txt": YES}), "x.zip"))
    assert [len(piece.articles) for piece in pieces] == [1, 1]
    assert [piece.is_last for piece in pieces] == [False, True]
