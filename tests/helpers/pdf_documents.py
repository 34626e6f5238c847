"""PDF documents made by hand: each line of text at a place of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

WIDTH, HEIGHT = 595, 842
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"


def placed(x: float, y: float, text: str, *, size: float = 10, font: str = "F1") -> str:
    """The instructions that draw a line of text, from the lower left."""
    plain = text.encode("cp1252").decode("latin-1")
    for sign in ("\\", "(", ")"):
        plain = plain.replace(sign, f"\\{sign}")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({plain}) Tj ET\n"


def column(
    x: float, y: float, paragraphs: Iterable[str], *, letters: int = 40, gap: float = 6
) -> str:
    """Paragraphs one below the other, cut into lines of at most so many letters."""
    drawn = ""
    for paragraph in paragraphs:
        for line in wrap(paragraph, letters, break_on_hyphens=False):
            drawn += placed(x, y, line)
            y -= 12
        y -= gap
    return drawn


def pdf(
    *pages: str,
    info: str = "",
    font: str = FONT,
    resources: str = "",
    objects: Mapping[int, bytes] | None = None,
) -> bytes:
    """A document with these pages, each given by its instructions. `objects` replaces or adds
    numbered ones: 1 the catalogue, 2 the tree of pages, 3 the font, 4 the properties, 5 and 6 the
    first page and its instructions, and so on."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    made = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: font.encode(),
        4: f"<< {info} >>".encode("latin-1"),
    }
    for number, page in enumerate(pages):
        made[5 + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents "
            f"{6 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        ).encode()
        made[6 + 2 * number] = stream(page.encode("latin-1"))
    return written(made | dict(objects or {}))


def stream(contents: bytes, more: str = "") -> bytes:
    """A compressed stream as an object."""
    packed = zlib.compress(contents)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def written(objects: Mapping[int, bytes], trailer: str = "") -> bytes:
    """The objects as a file with its table of their places."""
    raw = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places: list[str] = []
    for number, contents in sorted(objects.items()):
        places.append(f"{number} 1\n{len(raw):010} 00000 n \n")
        raw += b"%d 0 obj\n%b\nendobj\n" % (number, contents)
    table = "xref\n0 1\n0000000000 65535 f \n" + "".join(places)
    size = max(objects) + 1
    end = f"{table}trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R {trailer} >>\nstartxref\n"
    return raw + end.encode() + b"%d\n%%%%EOF\n" % len(raw)


def lines_of(texts: Sequence[str], *, x: float = 60, y: float = 740, step: float = 12) -> str:
    """The lines of a page, one below the other."""
    return "".join(placed(x, y - step * n, text) for n, text in enumerate(texts))
