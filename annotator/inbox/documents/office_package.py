"""The parts of a document that is a zip archive of XML files, read within limits.

Nothing that a document names is ever fetched, and no entity in it is expanded.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from annotator.errors import Hint, ReadError

LARGEST_PART = 20_000_000
"""Bytes of XML in one part, unpacked; the text of a long novel takes less."""
AS_TEXT = "Open it in a word processor and save it as plain text (.txt, UTF-8)."
_DAMAGED = "Copy it again, or open it in a word processor and save it anew."
_PASSWORD = Hint("Open it in a word processor and save it without a password.")
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# What zipfile raises for damaged and unsupported archives.
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
)
_COMPRESSED_HOW = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class OfficePackage:
    """A document as an archive of parts. Raises ReadError if `raw` is not an archive."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(raw))
        except _BAD_ZIP as error:
            raise damaged("it cannot be unpacked") from error

    def bytes_of(self, part: str) -> bytes | None:
        """The unpacked bytes of a part; None if there is none. Raises ReadError."""
        try:
            info = self._archive.getinfo(part)
            if info.flag_bits & 1:
                raise password_needed()
            if info.compress_type not in _COMPRESSED_HOW:
                raise damaged(f"{part} is packed in an unknown way")
            with self._archive.open(info) as stream:
                # Not `read()`: it unpacks whatever is there, not what the archive says.
                found = stream.read(LARGEST_PART + 1)
        except KeyError:
            return None
        except _BAD_ZIP as error:
            raise damaged("it cannot be unpacked") from error
        if len(found) > LARGEST_PART:
            raise ReadError(
                f"The document is too large: its {part} unpacks to more than "
                f"{LARGEST_PART / 1e6:.0f} MB.",
                hint=AS_TEXT,
            )
        return found

    def xml_of(self, part: str) -> Element | None:
        """The root of a part; None if there is no such part. Raises ReadError."""
        found = self.bytes_of(part)
        if found is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(found, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged(f"{part} is not XML") from error
        if root.getroottree().docinfo.doctype:
            raise ReadError(
                f"The document was not made by a word processor: {part} declares entities.",
                hint=AS_TEXT,
            )
        return root

    def related(self, part: str, kind: str) -> str | None:
        """The part to which `part` (empty: the package) has a relation of this kind, if any."""
        folder, name = posixpath.split(part)
        relations = self.xml_of(posixpath.join(folder, "_rels", f"{name}.rels"))
        for one in () if relations is None else relations.iter(_RELATION):
            outside = one.get("TargetMode") == "External"
            if not outside and (one.get("Type") or "").endswith(f"/{kind}"):
                target = posixpath.join("/", folder, one.get("Target") or "")
                return posixpath.normpath(target).lstrip("/")
        return None


def local(element: Element) -> str:
    """The name of an element without its namespace: two versions of a format differ only in it."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """The value of the attribute with this name, in whatever namespace."""
    return next((str(v) for k, v in element.attrib.items() if local_name(str(k)) == name), None)


def local_name(name: str) -> str:
    """`name` without its namespace."""
    return name.rpartition("}")[2]


def words_in(root: Element | None, *names: str) -> Iterator[str]:
    """The texts of the elements with these names, in the order of the names."""
    for name in names:
        for one in () if root is None else root.iter(f"{{*}}{name}"):
            yield " ".join("".join(one.itertext()).split())


def damaged(why: str) -> ReadError:
    """The error for a document that cannot be unpacked or parsed."""
    return ReadError(f"The document is damaged: {why}.", hint=_DAMAGED)


def password_needed() -> ReadError:
    """The error for a document that is encrypted."""
    return ReadError("The document is protected by a password.", hint=_PASSWORD)
