"""Word documents and OpenDocument texts made by hand, with what libraries do not write."""

from __future__ import annotations

import io
import zipfile

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>"
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these parts, compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in parts.items():
            archive.writestr(name, contents)
    return stream.getvalue()


def paragraph(words: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def docx(
    body: str, *, footnotes: str = "", title: str = "", author: str = "", head: str = ""
) -> bytes:
    """A Word document with this body, as a word processor names its parts."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations(
                officeDocument="word/document.xml", **{"core-properties": "docProps/core.xml"}
            ),
            "word/_rels/document.xml.rels": _relations(footnotes="footnotes.xml"),
            "word/document.xml": f"{head}<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
            "word/footnotes.xml": f"<w:footnotes {_NAMES}>{footnotes}</w:footnotes>",
            "docProps/core.xml": _CORE.format(title=title, author=author),
        }
    )


def odt(body: str, *, title: str = "", author: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with this body."""
    office = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    about = f"<dc:title>{title}</dc:title><meta:initial-creator>{author}</meta:initial-creator>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "meta.xml": f"<office:meta {office}>{about}</office:meta>",
            "content.xml": f"<office:document-content {office}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
        }
    )


def _relations(**targets: str) -> str:
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{_R}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'
