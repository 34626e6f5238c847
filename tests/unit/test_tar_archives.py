"""Tar archives and compressed files: damage, links, and what is not one."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from tests.helpers.packing import NO, YES, placed, read, tarred, zipped


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
def test_other_files_than_tar_archives_are_refused(raw: bytes, name: str, said: str) -> None:
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
        (gzip.compress(b""), "a.txt.gz", "is empty"),
    ],
    ids=["no suffix", "archive", "cut", "checksum", "plain", "empty"],
)
def test_other_files_than_compressed_articles_are_refused(raw: bytes, name: str, said: str) -> None:
    assert_refused(raw, name, said)


def test_a_large_file_is_refused_however_small_it_is_compressed() -> None:
    assert_refused(gzip.compress(bytes(50_000_000)), "a.txt.gz", "too large")


def assert_refused(raw: bytes, name: str, said: str) -> None:
    articles, problem = read(raw, name)
    assert not articles
    assert problem is not None
    assert said in problem.message
    assert problem.hint
