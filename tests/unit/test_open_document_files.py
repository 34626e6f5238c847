"""OpenDocument texts, as LibreOffice saves them."""

from __future__ import annotations

import pytest

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.readers import articles_of
from tests.helpers.office_documents import odt, zipped

SAID = "<text:p>The mayor said no.</text:p>"


def read(raw: bytes) -> Article:
    (article,) = articles_of(raw, "bridge.odt")
    return article


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<text:h>Bridge closed</text:h>{SAID}", "Bridge closed\n\nThe mayor said no."),
        (f"<text:list><text:list-item>{SAID}</text:list-item></text:list>", "The mayor said no."),
        (
            f"<table:table><table:table-row><table:table-cell>{SAID}</table:table-cell>"
            "</table:table-row></table:table>",
            "The mayor said no.",
        ),
        ('<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>', "a  b c d"),
        ("<text:p>The <text:span>may<text:a>or</text:a></text:span> said\u00ad.</text:p>",
         "The mayor said."),
        (
            "<text:p>He left<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            f"{SAID}</text:note-body></text:note>.</text:p><text:p>Then she did.</text:p>",
            "He left.\n\nThen she did.\n\nThe mayor said no.",
        ),
        (f"<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>{SAID}",
         "The mayor said no."),
        (f"<text:p>No<office:annotation>{SAID}</office:annotation>.</text:p>", "No."),
        (
            f"<text:p>Text.<draw:frame><draw:text-box>{SAID}</draw:text-box></draw:frame></text:p>",
            "Text.\n\nThe mayor said no.",
        ),
    ],
    ids=["heading", "list", "table", "blanks", "spans", "footnote", "deletions", "comment", "box"],
)  # fmt: skip
def test_visible_text_is_read(body: str, text: str) -> None:
    assert read(odt(body)).text == text


def test_title_and_author_are_those_that_somebody_wrote() -> None:
    article = read(odt(SAID, title="Bridge closed", author="Ada Low"))
    assert (article.title, article.origin.author) == ("Bridge closed", "Ada Low")
    assert read(odt(SAID, title="Untitled1", author="user")).origin.author is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (odt(SAID, manifest="<encryption-data/>"), "protected by a password"),
        (odt(""), "no text"),
        (b"The mayor said no.", "not an OpenDocument text"),
        (odt(SAID)[:-30], "damaged"),
        (zipped({"content.xml": "<a/>", "META-INF/manifest.xml": ""}), "an OpenDocument file"),
    ],
    ids=["password", "empty", "text", "cut off", "another kind"],
)
def test_other_files_are_refused_with_a_way_out(raw: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        read(raw)
    assert caught.value.hint
