"""Decodes bytes strictly: uncertain text is refused with a hint."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import replace

from annotator.core.article import normalise
from annotator.errors import Command, FileError, Hint, ReadError
from annotator.inbox.encoding_hints import faults_in_utf8, likely_encoding, utf16_side
from annotator.inbox.files import shell_word

_SAMPLE = 1 << 16
_AS_TEXT = "Save the article as plain text (UTF-8)."
_CONTROLS = frozenset(map(chr, [*range(32), 127])) - frozenset("\t\n\v\f\r\x1b")
_PLAIN = Hint("Save it as plain text (.txt, UTF-8) and put that into the inbox.")
_UNPACK = Hint("Unpack it first.")
_INTO_TEXT = Hint("Put the article's text into the inbox instead.")
_WORDS_SAID = Hint("Put the text of what is said into the inbox instead.")
_NO_ARTICLE = Hint("Remove it from the inbox: it holds no article.")


def _unpack(line: str, as_filter: str | None = None) -> Hint:
    """Unpack it with a command; {name} and {unpacked} in it are the names of the files."""
    piped = "Unpack it on its way" if as_filter else "Unpack it first, and give what it holds."
    return Hint("Unpack it first", Command(line, as_filter), piped=piped)


def _convert(line: str, as_filter: str | None = None) -> Hint:
    """Convert it with a command; {name} in it is the name of the file."""
    piped = "Convert it on its way" if as_filter else "Convert it first, and give what it holds."
    return Hint("Convert it first, for example", Command(line, as_filter), piped=piped)


def _renamed(suffix: str) -> Hint:
    """Give it the suffix of a kind that is read."""
    return Hint(f"Rename it to end in {suffix}; its text is then read.")


_MAGIC = (
    (b"%PDF-", "a PDF document", _renamed(".pdf")),
    (
        b"{\\rtf",
        "an RTF document",
        Hint("Open it in a word processor; save it as plain text (UTF-8)."),
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (.doc, .xls, .ppt)", _PLAIN),
    (b"\x1f\x8b", "a gzip archive", _unpack("gunzip < {name} > {unpacked}", "gunzip")),
    (b"BZh", "a bzip2 archive", _unpack("bunzip2 < {name} > {unpacked}", "bunzip2")),
    (b"\xfd7zXZ\x00", "an xz archive", _unpack("unxz < {name} > {unpacked}", "unxz")),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"\x89PNG\r\n", "a picture (PNG)", _INTO_TEXT),
    (b"\xff\xd8\xff", "a picture (JPEG)", _INTO_TEXT),
    (b"GIF8", "a picture (GIF)", _INTO_TEXT),
    (b"SQLite format 3\x00", "a SQLite database", Hint("Export its articles as text files.")),
    (b"\x7fELF", "a program", _NO_ARTICLE),
    (b"bplist0", "a property list or web archive", _PLAIN),
    (b"%!PS", "a PostScript document", _convert("ps2ascii {name}", "ps2ascii")),
    (b"AT&TFORM", "a DjVu document", _convert("djvutxt {name}")),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", _unpack("unzstd < {name} > {unpacked}", "unzstd")),
)
# Signatures that a text may begin with too, so the content must be binary as well.
_MAGIC_OF_BINARY = (
    (b"MZ", "a program", _NO_ARTICLE),
    (b"\xca\xfe\xba\xbe", "a program", _NO_ARTICLE),
    (b"PAR1", "a Parquet table", Hint("Export its articles as JSON lines (.jsonl).")),
    (b"ID3", "a sound recording", _WORDS_SAID),
    (b"OggS", "a recording", _WORDS_SAID),
    (b"RIFF", "a recording or picture", _INTO_TEXT),
    (b"II*\0", "a picture (TIFF)", _INTO_TEXT),
    (b"MM\0*", "a picture (TIFF)", _INTO_TEXT),
)
_TAR = slice(257, 262)
_OFFICE = (
    (b"word/", "a Word document (.docx)", _renamed(".docx")),
    (b"xl/", "a spreadsheet (.xlsx)", _PLAIN),
    (b"ppt/", "a presentation (.pptx)", _PLAIN),
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)", _renamed(".odt")),
    (b"application/epub", "a book (.epub)", _PLAIN),
    (b"META-INF/container.xml", "a book (.epub)", _PLAIN),
    (b"META-INF/manifest.xml", "an OpenDocument file", _PLAIN),
    (b"Index/Document.iwa", "a Pages document (.pages)", _PLAIN),
)
# The name of a member of a zip archive stands behind so many bytes of its head.
_READ = (
    (re.compile(rb"PK(?:\x03\x04.{26}|\x01\x02.{42})word/", re.DOTALL), ".docx"),
    (re.compile(re.escape(b"application/vnd.oasis.opendocument.text")), ".odt"),
)


def refuse_documents(raw: bytes, name: str) -> None:
    """Raises ReadError if `raw` is a document, archive or picture, whatever its suffix."""
    head = raw[: len(codecs.BOM_UTF8) + 512].removeprefix(codecs.BOM_UTF8)
    found = _known_by(_MAGIC, head.lstrip(b"\r\n\t "))
    if found is None and b"\0" in raw[:_SAMPLE]:
        found = _known_by(_MAGIC_OF_BINARY, head)
        if head[4:8] == b"ftyp":
            found = "a film or picture", _INTO_TEXT
        if head[_TAR] == b"ustar":
            found = "a tar archive", _unpack("tar -xf {name}")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        # A zip archive has the name of each member before it and again at its end.
        ends = raw[:_SAMPLE] + raw[-_SAMPLE:]
        kind = next(((what, hint) for mark, what, hint in _OFFICE if mark in ends), None)
        found = kind or ("a zip archive", _unpack("unzip {name}"))
    if found is not None:
        what, hint = found
        raise ReadError(f"This is {what}, not text.", hint=_for_file(hint, name))


def document_suffix(raw: bytes) -> str | None:
    """The suffix of the documents that `raw` is one of, if they are read; otherwise None."""
    if raw.startswith(b"%PDF-"):
        return ".pdf"
    if not raw.startswith(b"PK\x03\x04"):
        return None
    ends = raw[:_SAMPLE] + raw[-_SAMPLE:]
    return next((suffix for mark, suffix in _READ if mark.search(ends)), None)


def _for_file(hint: Hint, name: str) -> Hint:
    """The hint with the names of the file and of what is made of it."""
    if hint.command is None:
        return hint
    names = {"name": shell_word(name), "unpacked": shell_word(_unpacked(name))}
    return replace(hint, command=replace(hint.command, line=hint.command.line.format(**names)))


def _unpacked(name: str) -> str:
    """The name of an unpacked file: without the suffix of the archive."""
    stem, dot, suffix = name.rpartition(".")
    if suffix.lower() in ("gz", "bz2", "xz", "zst"):
        return stem
    return f"{stem}.unpacked.{suffix}" if dot else f"{name}.unpacked"


def _known_by(marks: Sequence[tuple[bytes, str, Hint]], head: bytes) -> tuple[str, Hint] | None:
    return next(((what, hint) for mark, what, hint in marks if head.startswith(mark)), None)


def text_of(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> str:
    """The decoded and normalised text of `raw`; raises ReadError.

    UTF-8, or UTF-16 with its byte order mark; otherwise the first of `encodings` that fits.
    """
    refuse_documents(raw, name)
    return checked(normalise(decoded(raw, name, encodings)), name, raw)


def checked(text: str, name: str, raw: bytes = b"", *, what: str | None = None) -> str:
    """`text`, if it can be an article: with words, without NUL and surrogates.

    Raises ReadError otherwise, calling the container `what` (None: the file).
    """
    if "\0" in text:
        _refuse_nul(raw, name)
    if not any(map(str.isalnum, text)):
        lack = "contains no words" if text.strip() else "is empty"
        raise _said_of(what, lack, hint="Save the article's text in it.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ReadError(
            f"The text has an unpaired surrogate at position {error.start}.",
            hint="Save the file again as UTF-8.",
        ) from error
    sample = text[:_SAMPLE]
    if sum(map(_CONTROLS.__contains__, sample)) * 10 > len(sample):
        lack = "is not text: more than a tenth of it is control characters"
        raise _said_of(what, lack, hint=_AS_TEXT)
    return text


def _said_of(what: str | None, lack: str, *, hint: str) -> ReadError:
    return FileError(lack, hint=hint) if what is None else ReadError(f"{what} {lack}.", hint=hint)


def decoded(raw: bytes, name: str, encodings: Sequence[str] = ()) -> str:
    """`raw` decoded, without byte order mark; raises ReadError if the encoding is unclear.

    UTF-8, or UTF-16 with its byte order mark; otherwise the first of `encodings` that fits.
    """
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(raw) % 4 == 0:
        raise FileError("is UTF-32, which is not supported", hint=_recode("UTF-32", name))
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _damaged("UTF-16", error) from error
    if (side := utf16_side(raw)) is not None and _names(encodings, side):
        try:
            return raw.decode(side)
        except UnicodeDecodeError as error:
            raise _damaged("UTF-16", error) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Damaged UTF-8 can be decoded in most other encodings, but garbled.
        _refuse_damaged(raw, error)
        for encoding in encodings:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            except LookupError as unknown:
                raise ReadError(
                    f"The fallback encoding {encoding!r} is not known.",
                    hint="Correct `encodings` in annotator.toml, for example to cp1252.",
                ) from unknown
        raise _not_utf8(raw, name, error) from error


def _names(encodings: Sequence[str], wanted: str) -> bool:
    """Whether `encodings` contains this encoding, under any of its names."""
    for encoding in encodings:
        try:
            if codecs.lookup(encoding).name == codecs.lookup(wanted).name:
                return True
        except LookupError:  # reported when it is tried
            continue
    return False


def _not_utf8(raw: bytes, name: str, error: UnicodeDecodeError) -> ReadError:
    if (side := utf16_side(raw)) is not None:
        return _utf16_without_mark(side, name)
    if b"\0" in raw[:_SAMPLE]:
        return FileError("is not text: it contains binary data", hint=_AS_TEXT)
    guess = likely_encoding(raw)
    where = f"is not UTF-8 text (byte 0x{raw[error.start]:02x} at {error.start})"
    if guess is None:
        unclear = f"{where}, and its encoding is unclear"
        return FileError(unclear, hint=_recode("ITS-ENCODING", name))
    return FileError(f"{where}; it is probably {guess}", hint=_recode(guess, name))


def _refuse_damaged(raw: bytes, error: UnicodeDecodeError) -> None:
    """Raises ReadError if `raw` is truncated or damaged UTF-8."""
    faults = faults_in_utf8(raw, error.start)
    if error.start >= len(raw) - 3 and error.reason == "unexpected end of data":
        # A single accented letter at the end may as well be in an old encoding.
        if faults or error.start < len(raw) - 1 or raw[-1] < 0xE0:
            raise _damaged("UTF-8", error) from error
    elif faults:
        line = raw.count(b"\n", 0, error.start) + 1
        places = "one place" if faults == 1 else f"{faults:,} places"
        raise FileError(
            f"is UTF-8 except at {places}, first byte 0x{raw[error.start]:02x} in line {line:,}",
            hint="It was damaged, or put together from texts in different encodings: fix these "
            "places in an editor, and save it as UTF-8.",
        ) from error


def _utf16_without_mark(side: str, name: str) -> ReadError:
    return ReadError("It looks like UTF-16 without its mark.", hint=_recode(side, name))


def _recode(encoding: str, name: str) -> Hint:
    """Convert the file from another encoding."""
    source = shell_word(name)
    stem, dot, suffix = name.rpartition(".")
    target = shell_word(f"{stem}.utf8.{suffix}" if dot else f"{name}.utf8.txt")
    iconv = f"iconv -f {encoding} -t UTF-8"
    return Hint(
        "Convert it",
        Command(f"{iconv} {source} > {target}", iconv),
        more="(or name its encoding under `encodings` in annotator.toml).",
        piped="Convert it on its way",
    )


def _damaged(encoding: str, error: UnicodeDecodeError) -> ReadError:
    return ReadError(
        f"The {encoding} text breaks off in the middle of a character, at byte {error.start}"
        f" ({error.reason}).",
        hint="It was probably not copied whole: copy it again.",
    )


def _refuse_nul(raw: bytes, name: str) -> None:
    side = utf16_side(raw)
    if side is not None:
        raise _utf16_without_mark(side, name)
    raise ReadError(
        "The text contains NUL characters.",
        hint="It is damaged or binary: copy it again, or remove the NULs (tr -d '\\000').",
    )
