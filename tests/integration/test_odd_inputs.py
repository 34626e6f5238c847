"""Whatever is dropped in, all at once, into one inbox with a real watcher: each ends as an article
or as a rejected file with a reason that a reviewer understands; none stops or slows the others."""

from __future__ import annotations

import gzip
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from annotator.inbox.files import escaped
from annotator.inbox.reading import ReadingRules
from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store
from annotator.store.values import QueueView, RejectedFile
from tests.helpers.forked import fork_processes
from tests.helpers.ingesting import Watching, wait_until
from tests.helpers.office_documents import docx, odt, paragraph
from tests.helpers.packing import mail, tarred, zipped
from tests.helpers.pdf_documents import pdf, placed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names and kinds of files of Linux")
NO_PDF = "" if find_spec("pypdfium2") else "needs another package"
SAID = "The mayor of Varnholm said no ({})."


def documents(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, b"The mayor said no."))


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def says(what: str) -> bytes:
    """An article of its own, so that no two are one."""
    return SAID.format(what).encode()


ARTICLES: dict[str, bytes] = {
    "liar.html": page("<p>Öl für alle, sagte er.</p>", '<meta charset="us-ascii">'),
    "plain.txt": says("plain"),
    "mark.txt": b"\xef\xbb\xbf" + says("mark"),
    "lines-of-windows.md": b"# Title\r\n\r\n" + says("windows"),
    "lines-of-old-mac.txt": b"Title\r\r" + says("mac"),
    "utf16.txt": SAID.format("naïve").encode("utf-16"),
    "utf16-big.txt": b"\xfe\xff" + SAID.format("big").encode("utf-16-be"),
    "escapes.txt": b"\x1b]0;owned\x07\x1b[2J The [bold]mayor[/bold] said no.",
    "bidi.txt": "The mayor \u202esaid\u202c \U0001f468\u200d\U0001f469 no.".encode(),
    "five-megabytes-in-a-line.txt": b"The mayor said no. " * 263_000,
    "million-lines-then-words.txt": b"\n" * 1_000_000 + says("at last"),
    "no-spaces.txt": b"x" * 200_000,
    "combining.txt": ("Z" + "\u0301" * 5_000 + " said no.").encode(),
    "separators.txt": "One\u2028two\u2029three\x0b four\x85 five said no.".encode(),
    "chinese.txt": "市长周二表示，大桥将继续关闭。".encode(),
    "UPPER.TXT": says("upper"),
    "two\nlines.txt": says("two lines"),
    "n" * 251 + ".txt": says("long name"),
    " blanks .txt": says("blanks"),
    "quote'\"$(reboot).txt": says("quotes"),
    "-rf.txt": says("option"),
    "x.pdf.txt": says("two suffixes"),
    "looks-like-a-program.txt": b"MZ, " + says("letters"),
    "from-the-future.txt": says("the year 2400"),
    "from-the-past.txt": says("the year 1901"),
    "page.html": page(f"<article><p>{SAID.format('page')}</p></article>"),
    "page.of.old.htm": page(
        f"<article><p>{SAID.format('naïve page')}</p></article>", '<meta charset="iso-8859-1">'
    )
    .decode()
    .encode("latin-1"),
    "object.json": json.dumps({"text": SAID.format("object")}).encode(),
    "list.json": json.dumps([{"text": SAID.format("item"), "title": 7}]).encode(),
    "letter-of-word.docx": docx(paragraph(SAID.format("Word"))),
    "letter-of-libre-office.odt": odt(f"<text:p>{SAID.format('Writer')}</text:p>"),
    "lines.jsonl": json.dumps({"text": SAID.format("line"), "meta": "odd"}).encode() + b"\n\n\n",
}
# Each with the name of the file in it.
PACKED: dict[str, tuple[bytes, str]] = {
    "wire.zip": (zipped({"in/zipped.txt": says("zip"), "__MACOSX/._a": b"\0"}), "zipped.txt"),
    "wire.tar.gz": (tarred({"in/tarred.txt": says("tar.gz")}), "tarred.txt"),
    "WIRE.TGZ": (tarred({"tgz.txt": says("tgz")}), "tgz.txt"),
    "wire.tar": (tarred({"tar.txt": says("tar")}, mode="w"), "tar.txt"),
    "article.txt.gz": (gzip.compress(says("gz")), "article.txt"),
    "mail.in.zip": (
        zipped({"in/zipped.eml": mail(SAID.format("zipped mail")).as_bytes()}),
        "zipped.eml",
    ),
}
ARTICLES |= {
    "release.eml": mail(SAID.format("mail"), subject="Nein\x1b[2J").as_bytes(),
    "newsletter.eml": mail(html=page(f"<p>{SAID.format('html mail')}</p>").decode()).as_bytes(),
    "box.mbox": b"From a Mon Jan  5 10:00:00 2026\n" + mail(SAID.format("box")).as_bytes(),
}
NESTED = "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(1_000))
if not NO_PDF:
    ARTICLES["paper-with-text.pdf"] = pdf(placed(60, 700, SAID.format("PDF")))
NOTHING = dict.fromkeys((f"{n}.txt" for n in range(16)), bytes(5_000_000))
# To pack the bombs takes long, so this is done where they are wanted.
REJECTED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\t \n", "is empty"),
    "a-mark-alone.txt": (b"\xef\xbb\xbf", "is empty"),
    "million-lines.txt": (b"\n" * 1_000_000, "is empty"),
    "rules.txt": (b"----\n====\n****\n", "contains no words"),
    "invisible.txt": ("\u200b\u200b\ufeff\u00a0".encode(), "contains no words"),
    "nul.txt": (b"The mayor\0said no.", "NUL"),
    "padded-with-nul.txt": (says("padded") + b"\0" * 4096, "NUL"),
    "latin1.txt": ("Der Bürgermeister sagte nein.".encode("latin-1"), "probably WINDOWS-1252"),
    "truncated.txt": ("Sie sagte nein, natürlich: ü".encode()[:-1], "breaks off"),
    "surrogate.txt": (b"half \xed\xa0\x80 a pair", "not UTF-8"),
    "half-a-pair-in-utf16.txt": (b"\xff\xfea\0\x00\xd8b\0", "breaks off"),
    "utf16-without-mark.txt": ("The mayor said no.".encode("utf-16-le"), "UTF-16 without its mark"),
    "utf32.txt": ("The mayor said no.".encode("utf-32"), "UTF-32"),
    "random.txt": (bytes(range(256)) * 40, "binary"),
    "controls.txt": (b"\1\2\3\4A" * 100, "control characters"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture (PNG)"),
    "photo.md": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(50), "a picture (JPEG)"),
    "program.md": (b"\x7fELF" + bytes(100), "a program"),
    "setup.txt": (b"MZ\x90\0\3\0\0\0", "a program"),
    "rtf.txt": (b"{\\rtf1\\ansi The mayor said no.}", "an RTF document"),
    "paper.txt": (b"%PDF-1.4 binary", "a PDF document"),
    "letter.docx": (documents("[Content_Types].xml", "word/document.xml"), "is damaged"),
    "paper.pdf": (b"%PDF-1.4 binary", NO_PDF or "PDF document is damaged"),
    "drawn.pdf": (pdf("0 0 9 9 re f"), NO_PDF or "contains no text"),
    "tree-of-itself.pdf": (
        pdf(placed(9, 9, "No."), objects={2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}),
        NO_PDF or "is damaged",
    ),
    "bomb.docx": (lambda: docx(paragraph("no " * 7_000_000)), "unpacks to more than 20 MB"),
    "laughs.docx": (docx("&b;", head='<!DOCTYPE a [<!ENTITY b "ha">]>'), "declares entities"),
    "letter.txt": (documents("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "letter.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old office document"),
    "book.epub": (b"PK\3\4" + bytes(26) + b"mimetypeapplication/epub+zip", "a book (.epub)"),
    "letter.odt": (
        b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
        "is damaged",
    ),
    "bomb-42.zip": (documents("lib 0.zip", "lib 1.zip"), "an archive in an archive"),
    "bomb.zip": (lambda: zipped(NOTHING), "100 times its size"),
    "bomb.tgz": (lambda: tarred(NOTHING), "100 times its size"),
    "bomb.txt.gz": (lambda: gzip.compress(bytes(6_000_000)), "too large"),
    "articles.gz": (gzip.compress(b"The mayor said no."), "a gzip archive"),
    "really-zip.txt": (documents("a.txt"), "a zip archive"),
    "climbing.zip": (documents("../../etc/cron.d/a.txt", "/etc/b.txt"), "leads out of the archive"),
    "cut.zip": (documents("a.txt")[:-9], "breaks off or is damaged"),
    "cut.tgz": (tarred({"a.txt": says("cut")})[:-9], "breaks off"),
    "empty.zip": (zipped({}), "is empty"),
    "text.zip": (says("text"), "not a zip archive"),
    "text.tar": (says("text"), "not a tar archive"),
    "backup.tar": (b"a.txt" + bytes(252) + b"ustar\0" + bytes(250), "not a tar archive"),
    "empty.eml": (b"", "is empty"),
    "headers.eml": (b"From: a\nSubject: b\n\n", "The mail has no text"),
    "words.eml": (says("words"), "not a mail"),
    "page.eml": (page("<p>The mayor said no.</p>"), "not a mail"),
    "nul.eml": (b"Subject: b\n\n" + b"The mayor\0 said no.\0" * 9, "NUL"),
    "nested.eml": (f"From: a\nSubject: b\n{NESTED}".encode(), "nested too deeply"),
    "endless.eml": (b"Subject: " + b"a" * 2_000_000, "headers of the mail have no end"),
    "cut.eml": (mail("No.", html="<p>No.").as_bytes()[:-30], "breaks off"),
    "box.of.words.mbox": (says("words"), "not a mailbox"),
    "note.xyz": (says("xyz"), "no reader for .xyz files"),
    "no-suffix": (says("suffix"), "no reader for files without suffix"),
    "really-text.pdf": (says("text"), "not a PDF document"),
    "large.txt": (b"The mayor said no. " * 300_000, "too large"),
    "script.html": (page("<script>go()</script>"), "No article was found in the page"),
    "deep.html": (page("<div>" * 5_000 + "<p>The mayor said no.</p>"), "No article was found"),
    "empty.html": (b"", "is empty"),
    "words-alone.html": (b"The mayor said no.", "No article was found in the page"),
    "latin1.html": (
        "<html><body><p>Öl für alle, sagte er.".encode("latin-1"),
        "probably WINDOWS-1252",
    ),
    "text-named-page.txt": (page("<p>The mayor said no.</p>"), "web page"),
    "archive.html": (page("<p>a</p>" * 30_000), "more than 25,000 elements"),
    "empty.json": (b"", "is empty"),
    "number.json": (b'{"text": 5}', 'a number as its "text"'),
    "null.json": (b"null", "is null, not an object"),
    "keys.json": (b'{"headline": "No", "body": "The mayor said no."}', 'has no "text"'),
    "bomb.json": (b"[" * 1_000_000, "nested too deeply"),
    "cut.json": (b'{"text": "The mayor sa', "is not JSON"),
    "nan.json": (b'{"text": "a", "score": NaN}', "contains NaN"),
    "huge-number.json": (b'{"text": "a", "id": 1' + b"0" * 5000 + b"}", "5001 digits"),
    "twice.json": (b'{"text": "a", "text": "b"}', 'has "text" twice'),
    "half.json": (b'{"text": "a \\ud83d b"}', "unpaired surrogate"),
    "log.jsonl": (b"09:00 all is well\n" * 50_000, "reading was given up"),
    "mixed.jsonl": (
        json.dumps({"text": SAID.format("mixed")}).encode() + b'\n{"text": 1}\n',
        'line 2 has a number as its "text"',
    ),
}
# What brings articles although something in it is wrong.
BOTH = {"mixed.jsonl"}
SPECIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "link-out.txt": (lambda path: path.symlink_to("/etc/hostname"), "a link"),
    "dangling.txt": (lambda path: path.symlink_to("nowhere"), "a link"),
    "loop": (lambda path: path.symlink_to(path.parent), "a link"),
    "itself.txt": (lambda path: path.symlink_to("itself.txt"), "a link"),
    "pipe.txt": (os.mkfifo, "a pipe"),
    "socket.txt": (lambda path: _bind(path), "a socket"),
    "200-megabytes.txt": (lambda path: _sparse(path), "too large: 200 MB"),
    "200-megabytes.html": (lambda path: _sparse(path), "too large: 200 MB"),
    "200-megabytes.jsonl": (lambda path: _sparse(path), "too large: 200 MB"),
    "100-megabytes-of-nothing.jsonl": (lambda path: _sparse(path, 100), "is not JSON"),
}
if os.geteuid() != 0:  # root may read everything
    SPECIAL["closed.txt"] = (lambda path: path.touch(mode=0), "permission denied")
    SPECIAL["closed-folder"] = (lambda path: path.mkdir(mode=0), "cannot be listed")
IGNORED = (".hidden.txt", "Thumbs.db", "half.txt.part", "README.md", "~$letter.docx")


def _bind(path: Path) -> None:
    # The path may be longer than an address of a socket can be.
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path, megabytes: int = 200) -> None:
    with path.open("wb") as stream:
        stream.truncate(megabytes * 1_000_000)


@dataclass
class Outcome:
    """What became of everything."""

    rejected: dict[str, RejectedFile] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    latecomer: float = 0.0
    error: BaseException | None = None


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, quick_model: Path) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("odd")
    inbox = folder / "inbox"
    _make_everything(inbox)
    url = f"sqlite:///{folder / 'annotator.db'}"
    store = Store.open(url)
    restless = threading.Event()
    writer = threading.Thread(target=_never_rest, args=(inbox / "restless.txt", restless))
    writer.start()
    patched = pytest.MonkeyPatch()
    fork_processes(patched)
    one = Watching(
        inbox,
        store,
        WorkerPlan(url, str(quick_model)),
        folder / "lock",
        rules=ReadingRules(max_size=5_100_000),
    )
    vanishing = threading.Thread(target=_come_and_go, args=(inbox,))
    vanishing.start()
    due = len(ARTICLES) + len(PACKED) + len(REJECTED) + len(SPECIAL) + 2
    try:
        assert wait_until(lambda: len(store.files.known()) >= due, within=60)
        began = time.monotonic()
        (inbox / "latecomer.txt").write_bytes(says("late"))
        assert wait_until(lambda: len(store.files.known()) > due, within=30)
        found = Outcome(latecomer=time.monotonic() - began)
        restless.set()
        writer.join()
        vanishing.join()
        assert wait_until(lambda: str(inbox / "restless.txt") in store.files.known())
        found.rejected = {file.name: file for file in store.files.rejected()}
        ids = [row.id for row in store.queue.page(QueueView("ana"), offset=0, limit=1000)]
        found.taken = {str(store.articles.get(one).origin.name) for one in ids}
        found.known = {path.removeprefix(f"{inbox}/") for path in store.files.known()}
    finally:
        restless.set()
        one.stop.ask()
        one.stop.ask()
        one.end()
        patched.undo()
    found.error = one.error
    yield found
    store.close()


def _make_everything(inbox: Path) -> None:
    inbox.mkdir()
    for name, raw in ARTICLES.items():
        (inbox / name).write_bytes(raw)
    for name, (raw, _) in PACKED.items():
        (inbox / name).write_bytes(raw)
    for year, name in ((2400, "from-the-future.txt"), (1901, "from-the-past.txt")):
        at = int(datetime(year, 12, 31, tzinfo=UTC).timestamp())
        os.utime(inbox / name, (at, at))
    for name, (refused, _) in REJECTED.items():
        (inbox / name).write_bytes(refused() if callable(refused) else refused)
    for name, (make, _) in SPECIAL.items():
        make(inbox / name)
    for name in IGNORED:
        (inbox / name).write_bytes(says("ignored"))
    raw_name = os.path.join(os.fsencode(inbox), b"caf\xe9.txt")
    Path(os.fsdecode(raw_name)).write_bytes(says("bytes"))
    deepest = inbox.joinpath(*("down" for _ in range(60)))
    deepest.mkdir(parents=True)
    (deepest / "deepest.txt").write_bytes(says("deepest"))


def _never_rest(path: Path, enough: threading.Event) -> None:
    with path.open("w") as stream:
        while not enough.wait(0.02):
            stream.write("The mayor said more and more. ")
            stream.flush()


def _come_and_go(inbox: Path) -> None:
    for number in range(100):
        path = inbox / f"gone-{number}.txt"
        path.write_bytes(says(f"gone {number}"))
        time.sleep(0.005)
        path.unlink()


def test_there_are_more_than_forty_inputs() -> None:
    assert len(ARTICLES) + len(REJECTED) + len(SPECIAL) >= 90


@pytest.mark.parametrize("name", ARTICLES, ids=[name.strip()[:40] for name in ARTICLES])
def test_an_odd_article_is_taken_in(outcome: Outcome, name: str) -> None:
    assert name in outcome.taken
    assert name not in outcome.rejected


@pytest.mark.parametrize("name", PACKED)
def test_an_article_in_an_archive_is_taken_in(outcome: Outcome, name: str) -> None:
    assert PACKED[name][1] in outcome.taken
    assert name not in outcome.rejected


def test_odd_names_and_deep_folders_are_taken_in(outcome: Outcome) -> None:
    assert {escaped("caf\udce9.txt"), "deepest.txt"} <= outcome.taken


@pytest.mark.parametrize("name", [*REJECTED, *SPECIAL])
def test_an_odd_file_is_rejected_with_reason_and_advice(outcome: Outcome, name: str) -> None:
    _, reason = (REJECTED | SPECIAL)[name]
    assert reason in outcome.rejected[name].reason
    assert outcome.rejected[name].reason.endswith(".")
    assert "Error" not in outcome.rejected[name].reason
    assert outcome.rejected[name].hint
    assert (name in outcome.taken) == (name in BOTH)


@pytest.mark.parametrize("name", IGNORED)
def test_an_ignored_file_is_not_reported(outcome: Outcome, name: str) -> None:
    assert name not in outcome.known


def test_every_input_is_accounted_for(outcome: Outcome) -> None:
    assert set(outcome.rejected) == set(REJECTED) | set(SPECIAL)
    brought = outcome.taken - {escaped("caf\udce9.txt"), "deepest.txt"} - BOTH
    # Some that were soon removed may have been read before.
    others = {name for name in brought if not name.startswith("gone-")}
    assert others == {
        *ARTICLES,
        *(name for _, name in PACKED.values()),
        "latecomer.txt",
        "restless.txt",
    }


def test_no_input_delays_the_others(outcome: Outcome) -> None:
    assert outcome.latecomer < 10.0
    assert outcome.error is None
