"""Decodes bytes strictly: uncertain text is refused with a hint."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from annotator.core.article import normalise
from annotator.errors import ReadError
from annotator.inbox.files import shell_word
from annotator.inbox.guessing import faults_in_utf8, likely_encoding, utf16_side

_SAMPLE = 1 << 16
_CONTROLS = frozenset(map(chr, [*range(32), 127])) - frozenset("\t\n\v\f\r\x1b")
_PLAIN = "Save it as plain text (.txt, UTF-8) and put that into the inbox."
_MAGIC = (
    (b"%PDF-", "a PDF document", "Convert it first, for example: pdftotext {name}"),
    (b"{\\rtf", "an RTF document", "Open it in a word processor; save it as plain text (UTF-8)."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (.doc, .xls, .ppt)", _PLAIN),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first: gunzip < {name} > {unpacked}"),
    (b"BZh", "a bzip2 archive", "Unpack it first: bunzip2 < {name} > {unpacked}"),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it first: unxz < {name} > {unpacked}"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a rar archive", "Unpack it first."),
    (b"\x89PNG\r\n", "a picture (PNG)", "Put the article's text into the inbox instead."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Put the article's text into the inbox instead."),
    (b"GIF8", "a picture (GIF)", "Put the article's text into the inbox instead."),
    (b"SQLite format 3\x00", "a SQLite database", "Export its articles as text files."),
    (b"\x7fELF", "a program", "Remove it from the inbox: it holds no article."),
    (b"bplist0", "a property list or web archive", _PLAIN),
    (b"%!PS", "a PostScript document", "Convert it first, for example: ps2ascii {name}"),
    (b"AT&TFORM", "a DjVu document", "Convert it first, for example: djvutxt {name}"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "Unpack it first: unzstd < {name} > {unpacked}"),
)
# Signatures that a text may begin with too, so the content must be binary as well.
_MAGIC_OF_BINARY = (
    (b"MZ", "a program", "Remove it from the inbox: it holds no article."),
    (b"\xca\xfe\xba\xbe", "a program", "Remove it from the inbox: it holds no article."),
    (b"PAR1", "a Parquet table", "Export its articles as JSON lines (.jsonl)."),
    (b"ID3", "a sound recording", "Put the text of what is said into the inbox instead."),
    (b"OggS", "a recording", "Put the text of what is said into the inbox instead."),
    (b"RIFF", "a recording or picture", "Put the article's text into the inbox instead."),
    (b"II*\0", "a picture (TIFF)", "Put the article's text into the inbox instead."),
    (b"MM\0*", "a picture (TIFF)", "Put the article's text into the inbox instead."),
)
_TAR = slice(257, 262)
_OFFICE = (
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "a spreadsheet (.xlsx)"),
    (b"ppt/", "a presentation (.pptx)"),
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"),
    (b"application/epub", "a book (.epub)"),
    (b"META-INF/container.xml", "a book (.epub)"),
    (b"META-INF/manifest.xml", "an OpenDocument file"),
    (b"Index/Document.iwa", "a Pages document (.pages)"),
)


def refuse_documents(raw: bytes, name: str) -> None:
    """Raises ReadError if `raw` is a document, archive or picture, whatever its suffix."""
    head = raw[: len(codecs.BOM_UTF8) + 512].removeprefix(codecs.BOM_UTF8)
    found = _known_by(_MAGIC, head.lstrip(b"\r\n\t "))
    if found is None and b"\0" in raw[:_SAMPLE]:
        found = _known_by(_MAGIC_OF_BINARY, head)
        if head[4:8] == b"ftyp":
            found = "a film or picture", "Put the article's text into the inbox instead."
        if head[_TAR] == b"ustar":
            found = "a tar archive", "Unpack it first: tar -xf {name}"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        # A zip archive has the name of each member before it and again at its end.
        ends = raw[:_SAMPLE] + raw[-_SAMPLE:]
        kind = next((kind for mark, kind in _OFFICE if mark in ends), None)
        found = (kind, _PLAIN) if kind else ("a zip archive", "Unpack it first: unzip {name}")
    if found is not None:
        what, hint = found
        words = {"name": shell_word(name), "unpacked": shell_word(_unpacked(name))}
        raise ReadError(f"This is {what}, not text.", hint=hint.format(**words))


def _unpacked(name: str) -> str:
    """The name of an unpacked file: without the suffix of the archive."""
    stem, dot, suffix = name.rpartition(".")
    if suffix.lower() in ("gz", "bz2", "xz", "zst"):
        return stem
    return f"{stem}.unpacked.{suffix}" if dot else f"{name}.unpacked"


def _known_by(marks: Sequence[tuple[bytes, str, str]], head: bytes) -> tuple[str, str] | None:
    return next(((what, hint) for mark, what, hint in marks if head.startswith(mark)), None)


def text_of(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> str:
    """The decoded and normalised text of `raw`; raises ReadError.

    UTF-8, or UTF-16 with its byte order mark; otherwise the first of `encodings` that fits.
    """
    refuse_documents(raw, name)
    return checked(normalise(decoded(raw, name, encodings)), name, raw)


def checked(text: str, name: str, raw: bytes = b"", *, what: str = "The file") -> str:
    """`text`, if it can be an article: with words, without NUL and surrogates.

    Raises ReadError otherwise, calling the container `what`.
    """
    if "\0" in text:
        _refuse_nul(raw, name)
    if not any(map(str.isalnum, text)):
        lack = "contains no words" if text.strip() else "is empty"
        raise ReadError(f"{what} {lack}.", hint="Save the article's text in it.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ReadError(
            f"The text has an unpaired surrogate at position {error.start}.",
            hint="Save the file again as UTF-8.",
        ) from error
    sample = text[:_SAMPLE]
    if sum(map(_CONTROLS.__contains__, sample)) * 10 > len(sample):
        raise ReadError(
            f"{what} is not text: more than a tenth of it is control characters.",
            hint="Save the article as plain text (UTF-8).",
        )
    return text


def decoded(raw: bytes, name: str, encodings: Sequence[str] = ()) -> str:
    """`raw` decoded, without byte order mark; raises ReadError if the encoding is unclear.

    UTF-8, or UTF-16 with its byte order mark; otherwise the first of `encodings` that fits.
    """
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(raw) % 4 == 0:
        raise _other_encoding("The file is UTF-32, which is not supported.", "UTF-32", name)
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
        return _other_encoding("It looks like UTF-16 without its mark.", side, name)
    if b"\0" in raw[:_SAMPLE]:
        return _binary()
    guess = likely_encoding(raw)
    if guess is None:
        return _other_encoding(
            f"The file is not UTF-8 text (byte 0x{raw[error.start]:02x} at {error.start}), "
            "and its encoding is unclear.",
            "ITS-ENCODING",
            name,
        )
    return _other_encoding(
        f"The file is not UTF-8 text (byte 0x{raw[error.start]:02x} at {error.start}); "
        f"it is probably {guess}.",
        guess,
        name,
    )


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
        raise ReadError(
            f"The file is UTF-8 except at {places}, "
            f"first byte 0x{raw[error.start]:02x} in line {line:,}.",
            hint="It was damaged, or put together from texts in different encodings: fix these "
            "places in an editor, and save it as UTF-8.",
        ) from error


def _other_encoding(what: str, encoding: str, name: str) -> ReadError:
    source = shell_word(name)
    stem, dot, suffix = name.rpartition(".")
    target = shell_word(f"{stem}.utf8.{suffix}" if dot else f"{name}.utf8.txt")
    return ReadError(
        what,
        hint=f"Convert it: iconv -f {encoding} -t UTF-8 {source} > {target}"
        " (or name its encoding under `encodings` in annotator.toml).",
    )


def _damaged(encoding: str, error: UnicodeDecodeError) -> ReadError:
    return ReadError(
        f"The {encoding} text breaks off in the middle of a character, at byte {error.start}"
        f" ({error.reason}).",
        hint="It was probably not copied whole: copy it again.",
    )


def _binary() -> ReadError:
    return ReadError(
        "The file is not text: it contains binary data.",
        hint="Save the article as plain text (UTF-8).",
    )


def _refuse_nul(raw: bytes, name: str) -> None:
    side = utf16_side(raw)
    if side is not None:
        raise _other_encoding("It looks like UTF-16 without its mark.", side, name)
    raise ReadError(
        "The text contains NUL characters.",
        hint="The file is damaged or binary: copy it again, or remove the NULs (tr -d '\\000').",
    )
