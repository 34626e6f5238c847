"""The advice for a rejected file works when followed."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import ReadError
from annotator.inbox.encoding_hints import likely_encoding, utf16_side
from annotator.inbox.files import escaped, shell_word
from annotator.inbox.readers import articles_of

ENGLISH = (
    "“It’s the café’s plan,” said the mayor – naïve to the end. “It cost £3m,” she added. " * 3
)
GERMAN = "Größere Städte prüften Ähnliches, hieß es über die Lage der Fußgänger in Köln. " * 3
POLISH = "Burmistrz Łodzi powiedział, że most pozostanie zamknięty; źle, iż żółta się spóźnia. " * 4
LITHUANIAN = "Miesto meras pareiškė, kad tiltas liks uždarytas pėstiesiems šių metų žiemą. " * 4
RUSSIAN = "Мэр города сообщил во вторник, что мост закрыт.\nЖители её решением недовольны.\n" * 4
UKRAINIAN = "Міський голова заявив, що міст закрито. Її рішення не сподобалося мешканцям. " * 4
JAPANESE = (
    "市長は火曜日、橋は閉鎖されたままになると述べた。住民は当局の決定に不満を持っている。" * 4
)
KOREAN = "시장은 화요일 다리가 폐쇄된 상태로 유지될 것이라고 말했다. 주민들은 불만이라고 한다. " * 4
NAMES = [
    b"plain.txt",
    b"my notes; rm -rf.txt",
    b'it\'s "odd" $(reboot).txt',
    b"-f.txt",
    b"two\nlines.txt",
    b"esc\x1b[31m.txt",
    b"latin\xe9.txt",
    "naïve \u202etxt.txt".encode(),
]


def refused(raw: bytes, name: str, *encodings: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        articles_of(raw, name, encodings=encodings)
    return caught.value


def command_in(hint: str) -> str:
    found = re.search(r": ((iconv|gunzip|bunzip2|unxz|jq) .*?)(?= \(or |$)", hint)
    assert found is not None, hint
    if shutil.which(found[2]) is None or shutil.which("bash") is None:
        pytest.skip(f"there is no {found[2]} here")
    return found[1]


def done(command: str, folder: Path) -> Path:
    """The one file that the command makes in the folder."""
    before = set(folder.iterdir())
    subprocess.run(["bash", "-c", command], cwd=folder, check=True, stdin=subprocess.DEVNULL)
    (made,) = set(folder.iterdir()) - before
    return made


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_the_encoding_command_works_for_any_file_name(tmp_path: Path, name: bytes) -> None:
    path = str(tmp_path).encode() + b"/" + name
    Path(path.decode("utf-8", "surrogateescape")).write_bytes(ENGLISH.encode("cp1252"))
    called = escaped(name.decode("utf-8", "surrogateescape"))
    command = command_in(refused(ENGLISH.encode("cp1252"), called).hint)
    assert command.isprintable()
    assert done(command, tmp_path).read_text("utf-8") == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        (ENGLISH.replace("“", '"').replace("”", '"'), "mac_roman"),
        (ENGLISH, "mac_roman"),
        (GERMAN, "latin_1"),
        (GERMAN, "cp850"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (LITHUANIAN, "cp1257"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "iso8859_5"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (UKRAINIAN, "koi8_u"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "shift_jis"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "utf_16_le"),
        (RUSSIAN, "utf_16_be"),
    ],
)
def test_the_encoding_command_gives_the_text(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "news.txt").write_bytes(text.encode(encoding))
    command = command_in(refused(text.encode(encoding), "news.txt").hint)
    assert done(command, tmp_path).read_text("utf-8") == text


@pytest.mark.parametrize(
    ("compress", "name"),
    [
        (compress, name)
        for compress, suffix in (
            (gzip.compress, "gz"),
            (bz2.compress, "bz2"),
            (lzma.compress, "xz"),
        )
        for name in ("news.txt", f"news.{suffix}", "news")
    ],
)
def test_the_archive_command_unpacks_it(
    tmp_path: Path, compress: Callable[[bytes], bytes], name: str
) -> None:
    packed = compress(b"The mayor said no.")
    (tmp_path / name).write_bytes(packed)
    made = done(command_in(refused(packed, name).hint), tmp_path)
    assert made.read_bytes() == b"The mayor said no."


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'{"title": "No", "content": "%s"}\n' * 2, "crawl.jsonl"),
        (b'[{"title": "No", "content": "%s"}]', "crawl.json"),
        (b'{"title": "No", "tags": [{"name": "x"}], "content": "%s"}', "-one.json"),
    ],
)
def test_the_command_for_articles_without_text_adds_it(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    text = "The mayor of Varnholm said no. " * 5
    raw = raw.replace(b"%s", text.encode())
    (tmp_path / name).write_bytes(raw)
    made = done(command_in(refused(raw, name).hint), tmp_path)
    assert {article.text for article in articles_of(made.read_bytes(), made.name)} == {text}


def test_names_with_any_bytes_stay_on_one_line() -> None:
    assert shell_word("plain.txt") == "plain.txt"
    assert shell_word("-rf") == "./-rf"
    assert shell_word("a\nb'c") == r"$'a\x0ab\'c'"
    assert shell_word("lit\\xe9") == r"$'lit\xe9'"


@pytest.mark.parametrize("encodings", [(), ("cp1252",)], ids=["strictly", "with a fallback"])
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("“No,” she said.\n".encode() + "Später".encode("latin-1"), "one place, first byte 0xe4"),
        ("“No,” she said – ".encode() + b"caf\xe9 na\xefve.", "at 2 places, first byte 0xe9 in"),
        ("The café’".encode()[:-1], "breaks off in the middle"),
        ("“No,” she said".encode() + b"\xe2\x80.", "except at one place, first byte 0xe2"),
    ],
)  # fmt: skip
def test_damaged_utf_8_is_refused_even_where_a_fallback_would_fit(
    raw: bytes, reason: str, encodings: tuple[str, ...]
) -> None:
    error = refused(raw, "news.txt", *encodings)
    assert reason in error.message
    assert "in line" not in error.message or f"in line {raw.count(10) + 1}." in error.message
    assert "iconv" not in error.hint


def test_an_accented_letter_at_the_end_is_not_broken_utf_8() -> None:
    raw = "It closed its only café".encode("latin-1")
    assert "WINDOWS-1252" in refused(raw, "news.txt").message
    (article,) = articles_of(raw, "news.txt", encodings=("cp1252",))
    assert article.text == "It closed its only café"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "gb18030"),
        (JAPANESE, "gb18030"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (POLISH, "cp1250"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "mac_roman"),
    ],
)
def test_text_in_a_fallback_encoding_is_not_damaged_utf_8(text: str, encoding: str) -> None:
    (article,) = articles_of(text.encode(encoding), "news.txt", encodings=(encoding,))
    assert article.text == text


@pytest.mark.parametrize("raw", [bytes(range(256)) * 8, b"a\0\0\0" * 50, b"\0" * 100, b"x\0" * 3])
def test_binary_data_is_not_utf_16(raw: bytes) -> None:
    assert utf16_side(raw) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("news.ndjson", "end in .jsonl"),
        ("news.markdown", "end in .txt"),
        ("news", "end in .txt"),
        ("news.xhtml", "end in .html"),
        ("news.mht", "end in .html"),
        ("Report by the St. Varnholm council", "end in .txt"),
    ],
)
def test_a_file_without_reader_is_refused_with_a_usable_name(name: str, hint: str) -> None:
    assert hint in refused(b"The mayor said no.", name).hint


def test_a_trailing_blank_does_not_hide_a_suffix() -> None:
    (article,) = articles_of(b"The mayor said no.", "news.txt ")
    assert article.origin.name == "news.txt "


def test_every_guessed_encoding_exists_in_python() -> None:
    for text, encoding in ((LITHUANIAN, "cp1257"), (RUSSIAN, "iso8859_5"), (JAPANESE, "euc_jp")):
        guess = likely_encoding(text.encode(encoding))
        assert guess is not None
        assert text.encode(encoding).decode(guess) == text


def test_a_list_inside_an_object_is_extracted_by_its_command(tmp_path: Path) -> None:
    raw = json.dumps({"status": "ok", "a'b": [{"text": "The mayor said no."}]}).encode()
    (tmp_path / "api.json").write_bytes(raw)
    made = done(command_in(refused(raw, "api.json").hint), tmp_path)
    (article,) = articles_of(made.read_bytes(), made.name)
    assert article.text == "The mayor said no."


def test_a_damaged_line_does_not_suggest_a_conversion() -> None:
    raw = '{"text": "“No,” she said."}\n'.encode() + b'{"text": "It cost \xe2\x80 more."}\n'
    error = refused(raw, "news.jsonl")
    assert "line 2" in error.message
    assert "fix these places" in error.hint
