"""What self-contained HTML pages have in common: they load nothing and run nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from annotator.core.text.harmless import harmless_line

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_page(title: str, style: str, body: Iterable[str]) -> bytes:
    """A page in UTF-8 with its title as the first heading; `body` are lines of HTML, the title is
    plain text."""
    return "".join(f"{line}\n" for line in _lines(safe(title), style, body)).encode()


def safe(words: str) -> str:
    """Text from outside on one line, for HTML and for its attributes."""
    return escape(harmless_line(words))


def _lines(title: str, style: str, body: Iterable[str]) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>"
    yield f"<style>{style}</style></head>"
    yield "<body>"
    yield f"<h1>{title}</h1>"
    yield from body
    yield "</body></html>"
