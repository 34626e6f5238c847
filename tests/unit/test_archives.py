"""Archives of articles: each file in one is read as it would be in a folder."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from annotator.inbox import readers
from annotator.inbox.archives import archive_members
from tests.helpers.packing import Files, mail, placed, read, tarred, zipped

NO, YES = b"The mayor of Varnholm said no.", b"The mayor of Varnholm said yes."
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


def test_a_damaged_file_in_a_zip_archive_does_not_affect_the_others() -> None:
    raw = bytearray(zipped({"a.txt": NO, "b.txt": YES}, method=zipfile.ZIP_STORED))
    raw[raw.index(b"no.")] ^= 1
    articles, problem = read(bytes(raw), "x.zip")
    assert [one.text for one in articles] == [YES.decode()]
    assert problem is not None
    assert "1 of 2 files in the archive could not be taken in: a.txt: it is damaged" in (
        problem.message
    )


# The length of a comment, which hides the next file; the beginning and the end of a name.
@pytest.mark.parametrize(("place", "changed"), [(32, 51), (46, ord("~")), (50, ord("/"))])
def test_files_that_a_damaged_table_hides_are_missed(place: int, changed: int) -> None:
    raw = bytearray(zipped({"a.txt": NO, "b.txt": YES}))
    raw[raw.index(b"PK\x01\x02") + place] = changed
    articles, problem = read(bytes(raw), "x.zip")
    assert len(articles) == 1
    assert problem is not None
    assert "damaged" in problem.message


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_limit_are_refused(method: int) -> None:
    _, problem = read(zipped({"a.txt": NO}, method=method), "x.zip")
    assert problem is not None
    assert "a method that is not read" in problem.message


def test_links_devices_and_encrypted_files_of_a_zip_archive_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, kind in (("link.txt", stat.S_IFLNK), ("pipe.txt", stat.S_IFIFO)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = kind << 16
            archive.writestr(entry, "/etc/passwd")
        archive.writestr("secret.txt", NO)
    raw = bytearray(stream.getvalue())
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 8] |= 1
    articles, problem = read(bytes(raw), "x.zip")
    assert not articles
    assert problem is not None
    assert "link.txt: this is a link" in problem.message
    assert "pipe.txt: this is a device or pipe" in problem.message
    assert "secret.txt: it is encrypted" in problem.message


def test_files_that_overlap_in_a_zip_archive_are_refused() -> None:
    # The bytes of one file are stored once, and 50 entries name them.
    raw = zipped({f"{n:02}.txt": b"No. " * 1000 for n in range(50)})
    table = raw.index(b"PK\x01\x02")
    packed = bytearray(raw[table:])
    place = 0
    for _ in range(50):
        struct.pack_into("<I", packed, place + 42, 0)
        struct.pack_into("<I", packed, place + 20, table)
        place = packed.find(b"PK\x01\x02", place + 1)
    articles, problem = read(raw[:table] + bytes(packed), "x.zip")
    assert not articles
    assert problem is not None
    assert "it overlaps another file" in problem.message


def test_a_zip_archive_that_lies_about_a_size_gives_no_more_than_it_says() -> None:
    raw = bytearray(zipped({"a.txt": b"No. " * 1_000_000, "b.txt": YES}))
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, 10)
    articles, problem = read(bytes(raw), "x.zip", max_size=1000)
    assert [one.text for one in articles] == [YES.decode()]
    assert problem is not None
    assert "a.txt: it is damaged" in problem.message


def test_names_in_utf_8_without_a_mark_are_recognised() -> None:
    raw = zipped({"Löwe.txt": NO})
    unmarked = raw.replace(struct.pack("<HH", 0x800, 8), struct.pack("<HH", 0, 8))
    assert placed(read(unmarked, "x.zip")[0]) == [("Löwe.txt", "Löwe.txt", NO.decode())]
    dos = unmarked.replace("Löwe".encode(), b"L\x94\x94we")
    assert placed(read(dos, "x.zip")[0])[0][0] == "Lööwe.txt"


def test_backslashes_in_a_zip_archive_separate_folders() -> None:
    raw = zipped({"in|a.txt": NO}).replace(b"in|a", b"in\\a")
    assert placed(read(raw, "x.zip")[0])[0][:2] == ("a.txt", "in/a.txt")


def test_documents_that_are_zip_archives_are_not_read_as_archives() -> None:
    raw = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    _, problem = read(raw, "x.zip")
    assert problem is not None
    assert "a Word document" in problem.message
    articles, problem = read(zipped({"word/a.txt": NO, "crossword/b.txt": YES}), "x.zip")
    assert problem is None
    assert len(articles) == 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (zipped({"a.txt": NO, "b.txt": YES})[:-30], "breaks off or is damaged"),
        (b"PK\3\4", "breaks off or is damaged"),
        (b"", "not a zip archive"),
        (NO, "not a zip archive"),
        (tarred({"a.txt": NO}), "a gzip archive"),
        (b"%PDF-1.4", "a PDF document"),
    ],
    ids=["cut", "beginning", "empty", "text", "tar", "PDF"],
)
def test_what_is_not_a_whole_zip_archive_is_refused(raw: bytes, said: str) -> None:
    articles, problem = read(raw, "x.zip")
    assert not articles
    assert problem is not None
    assert said in problem.message
    assert problem.hint


# tar


def test_links_and_devices_of_a_tar_archive_are_refused() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"odd{kind.decode()}.txt")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    _, problem = read(stream.getvalue(), "x.tar.gz")
    assert problem is not None
    assert "odd2.txt, odd1.txt: this is a link" in problem.message
    assert "odd3.txt, odd6.txt: this is a device or pipe" in problem.message


@pytest.mark.parametrize("keep", [530, 1100, 1500])
def test_a_tar_archive_that_breaks_off_keeps_what_is_before(keep: int) -> None:
    raw = tarred({"a.txt": NO, "b.txt": YES * 40}, mode="w")
    articles, problem = read(raw[:keep], "x.tar")
    assert [one.origin.name for one in articles] == (["a.txt"] if keep > 600 else [])
    assert problem is not None
    assert "breaks off" in problem.message


@pytest.mark.parametrize("cut", [4, 20, 60])
def test_a_compressed_archive_whose_checksum_is_missing_or_wrong_gives_nothing(cut: int) -> None:
    raw = tarred({"a.txt": NO, "b.txt": YES})
    articles, problem = read(raw[:-cut], "x.tgz")
    assert not articles
    assert problem is not None
    assert "breaks off" in problem.message
    articles, problem = read(raw[:-6] + bytes([raw[-6] ^ 1]) + raw[-5:], "x.tgz")
    assert not articles
    assert problem is not None
    assert "its checksum is wrong" in problem.message


def test_a_damaged_entry_of_a_tar_archive_is_not_passed_over() -> None:
    raw = bytearray(tarred({"a.txt": NO, "b.txt": YES}, mode="w"))
    raw[1024] ^= 1
    articles, problem = read(bytes(raw), "x.tar")
    assert [one.origin.name for one in articles] == ["a.txt"]
    assert problem is not None
    assert "damaged after 1 of its entries" in problem.message


def test_endless_descriptions_in_a_tar_archive_are_refused() -> None:
    long = tarred({"x" * 100_000: NO}, mode="w")
    digits = tarred({"9" * 1_000: NO}, mode="w")
    for raw in (long, digits):
        articles, problem = read(raw, "x.tar")
        assert not articles
        assert problem is not None
        assert "endless description" in problem.message


def test_a_nul_ends_a_name_which_no_database_takes() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("a.txt")
        entry.size, entry.pax_headers = len(NO), {"path": "in/b.txt\0.jpg"}
        archive.addfile(entry, io.BytesIO(NO))
    assert placed(read(stream.getvalue(), "x.tar")[0])[0][1] == "in/b.txt"


def test_bytes_in_a_name_are_kept() -> None:
    raw = tarred({"caf\udce9.txt": NO})
    assert placed(read(raw, "x.tgz")[0])[0][0] == "caf\\xe9.txt"


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (gzip.compress(NO), "x.tar.gz", "not a tar archive"),
        (NO, "x.tar", "not a tar archive"),
        (b"", "x.tar", "not a tar archive"),
        (zipped({"a.txt": NO}), "x.tar", "a zip archive"),
        (b"\x1f\x8b", "x.tgz", "breaks off"),
        (b"\x1f\x8b\x08garbage and more of it", "x.tgz", "breaks off"),
    ],
    ids=["compressed text", "text", "empty", "zip", "beginning", "garbage"],
)
def test_what_is_not_a_tar_archive_is_refused(raw: bytes, name: str, said: str) -> None:
    articles, problem = read(raw, name)
    assert not articles
    assert problem is not None
    assert said in problem.message


# gzip


@pytest.mark.parametrize("name", ["a.txt.gz", "A.TXT.GZ", "list.jsonl.gz"])
def test_a_compressed_file_is_read_as_the_file_in_it(name: str) -> None:
    inner = b'{"text": "One."}\n{"text": "Two."}' if "jsonl" in name else NO
    articles, problem = read(gzip.compress(inner), name)
    assert problem is None
    expected, _ = read(inner, name[:-3])
    assert placed(articles) == placed(expected)


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (gzip.compress(NO), "a.gz", "a gzip archive"),
        (gzip.compress(NO), "a.zip.gz", "a gzip archive"),
        (gzip.compress(NO)[:-3], "a.txt.gz", "breaks off"),
        (gzip.compress(NO)[:-8] + bytes(8), "a.txt.gz", "checksum"),
        (NO, "a.txt.gz", "not a gzip archive"),
        (gzip.compress(bytes(50_000_000)), "a.txt.gz", "too large"),
        (gzip.compress(b""), "a.txt.gz", "is empty"),
    ],
    ids=["no suffix", "archive", "cut", "checksum", "plain", "large", "empty"],
)
def test_what_is_not_a_compressed_article_is_refused(raw: bytes, name: str, said: str) -> None:
    articles, problem = read(raw, name)
    assert not articles
    assert problem is not None
    assert said in problem.message
    assert problem.hint


def test_a_piece_ends_where_reading_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_PIECE_SECONDS", 0.0)
    pieces = list(readers.pieces_of(zipped({"a.txt": NO, "b.txt": YES}), "x.zip"))
    assert [len(piece.articles) for piece in pieces] == [1, 1]
    assert [piece.is_last for piece in pieces] == [False, True]
