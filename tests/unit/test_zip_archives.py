"""Zip archives: damage, links, lies about sizes, and what is not one."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from tests.helpers.packing import NO, YES, placed, read, tarred, zipped


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
def test_incomplete_zip_archives_are_refused(raw: bytes, said: str) -> None:
    articles, problem = read(raw, "x.zip")
    assert not articles
    assert problem is not None
    assert said in problem.message
    assert problem.hint


# tar
