"""Junk lines, recognised by their words, by repetition and by the lines before them."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import JunkKind
from annotator.core.edits import junk_kind_of
from annotator.suggest.junk import junk, junk_lines
from tests.helpers.english import english

TABLE = tomllib.loads(files("annotator.lexicon").joinpath("junk.toml").read_text("utf-8"))
EXAMPLES = [
    (entry["kind"], example)
    for entry in [*TABLE["whole"], *TABLE["beginning"]]
    for example in entry["examples"]
]
SIGNS = [(entry["kind"], line) for entry in TABLE["sign"] for line in entry["examples"]]
TITLE = "Ferry runs aground off the northern cape"
BODY = (
    "The ferry ran aground at dawn, the harbour office said, and forty people were brought ashore."
)
LAST = "Divers will look at the hull on Friday."
PAGE = st.lists(
    st.sampled_from(
        [
            TITLE,
            BODY,
            LAST,
            "Advertisement",
            "Leave a comment",
            "  Name *",
            "* a note",
            "Related stories",
            "\u00a0",
            "",
            "#",
            "***",
            "A quay. (Harbour News)",
            "🚢 ahoy",
            "**",
            "By Ann Lund | 3 May 2019",
        ]
    ),
    max_size=12,
).map("\n".join)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(text[line.start : line.end], line.kind.value) for line in junk_lines(text)]


@pytest.mark.parametrize(("kind", "line"), EXAMPLES + SIGNS)
def test_the_key_guesses_the_kind_of_the_table(kind: str, line: str) -> None:
    assert [junk_kind_of(line), junk_kind_of(f"  {line} ")] == [kind, kind]


@pytest.mark.parametrize(("kind", "line"), SIGNS)
def test_a_line_with_a_weak_sign_of_junk_is_not_suggested(kind: str, line: str) -> None:
    assert (line, kind) not in kinds(f"{TITLE}\n\n{BODY}\n{line}\n\n{BODY[:-1]} today.\n")


@pytest.mark.parametrize(("kind", "line"), EXAMPLES)
def test_each_example_is_junk_of_its_kind(kind: str, line: str) -> None:
    assert (line, kind) in kinds(f"{TITLE}\n\n{BODY}\n\n{BODY[:-1]} today.\n{line}\n")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The quay at low tide. (Harbour News)", "photo-caption"),
        ("A crane lifts the hull, May 4, 2019. (AP Photo/Ann Lund)", "photo-caption"),
        ("Photo: M. Lind", "credit-line"),
        ("By Ann Lund", "credit-line"),
        ("By Ann Lund, staff writer. Posted Monday, May 6, 2019", "credit-line"),
        ("Northport, Monday 6 May 2019 | From our correspondents", "credit-line"),
        ("https://harbour.example/ferry-aground", "credit-line"),
        ("→ Read more: Who owns the ferry?", "related-link"),
        ("**Advertisement**", "ad-marker"),
        ("## Leave a reply", "comment-form"),
    ],
)
def test_lines_that_pages_wrap_around_an_article(line: str, kind: str) -> None:
    assert (line, kind) in kinds(f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Monday after the report.",
        "Read more books, the minister told pupils on Friday.",
        "Comments by the mayor angered the fishermen.",
        "The photo shows that the hull was torn, the inspector said.",
        "Reporters were kept away from the quay.",
        "By noon the water had reached the second deck.",
        "Sign language was used throughout the hearing.",
        "Follow-up talks are planned for May (the exact day is open).",
        "Related firms were searched, too.",
        "More than forty people were brought ashore.",
        "“Leave a comment,” she said, and laughed.",
        "Ads were pulled from the station.",
        "Topics discussed included the price of fuel.",
        "Source of the leak was a torn seal, according to the yard.",
        "Watch crews had seen nothing.",
        "Subscribers lost their money when the line went bankrupt in March.",
    ],
)
def test_sentences_are_not_junk(line: str) -> None:
    assert kinds(f"{TITLE}\n\n{BODY}\n\n{line}\n\n{LAST}\n") == []


def test_only_the_repeated_headline_is_junk() -> None:
    text = f"{TITLE}\n\n{TITLE}\n\n{BODY}\n"
    assert [line.start for line in junk_lines(text)] == [len(TITLE) + 2]
    assert junk_lines(text)[0].kind is JunkKind.DUPLICATE_TITLE


def test_a_headline_matches_with_other_marks() -> None:
    text = f"Ferry’s end – a story\n\nFerry's end - a story\n\n{BODY}"
    assert kinds(text) == [("Ferry's end - a story", "duplicate-title")]


def test_a_repeated_caption_is_a_duplicate() -> None:
    caption = "Divers look at the torn hull of the ferry"
    text = f"{TITLE}\n\n{BODY}\n\n{caption}\n{caption}\n\n{LAST}"
    assert kinds(text) == [(caption, "photo-caption"), (caption, "duplicate-caption")]


def test_a_repeated_text_is_not_junk() -> None:
    parts = ("hull", "deck", "mast", "keel")
    lines = [f"The {part} of the ferry was torn by the rocks." for part in parts]
    assert kinds("\n".join([TITLE, *lines, *lines])) == []


def test_headlines_below_a_heading_are_links() -> None:
    links = "Related stories\nWho owns the ferry?\nA cape and its wrecks"
    text = f"{TITLE}\n\n{BODY}\n\n{links}\n\n{LAST}"
    assert [kind for _, kind in kinds(text)] == ["related-link"] * 3


def test_a_comment_form_extends_to_the_end_of_the_page() -> None:
    form = "Leave a comment\nName *\nI saw it all from the pier.\nSend"
    text = f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n{form}"
    assert [kind for _, kind in kinds(text)] == ["comment-form"] * 4


def test_a_starred_line_below_a_starred_word_is_a_footnote() -> None:
    text = f"{TITLE}\n\nThe Union* called for an inquiry.\n\n{LAST}\n\n* The union of seamen."
    assert kinds(text) == [("* The union of seamen.", "footnote")]


def test_a_starred_line_without_a_starred_word_is_a_list() -> None:
    text = f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n* The union of seamen."
    assert kinds(text) == []


def test_blanks_around_a_line_are_excluded() -> None:
    text = f"{TITLE}\n\n{BODY}\n\n   Advertisement  \n\n{LAST}"
    assert kinds(text) == [("Advertisement", "ad-marker")]


def test_the_component_adds_lines_with_their_kinds() -> None:
    doc = junk(english()(f"{TITLE}\n\nAdvertisement\n\n{BODY}\n\nShare this article:"))
    assert [(span.text, span.label_) for span in doc.spans["junk"]] == [
        ("Advertisement", "ad-marker"),
        ("Share this article:", "share-bar"),
    ]


@given(PAGE)
def test_junk_lines_are_whole_lines_in_order(text: str) -> None:
    last = 0
    for line in junk_lines(text):
        words = text[line.start : line.end]
        assert last <= line.start < line.end
        assert "\n" not in words
        assert words == words.strip() != ""
        assert text[: line.start].rpartition("\n")[2].strip() == ""
        last = line.end


@given(st.text())
def test_junk_is_deterministic(text: str) -> None:
    assert junk_lines(text) == junk_lines(text)


SIGNED = (
    "In a statement to the agency, Minister Lena Holt said that Norway would pay for the repair of "
    "the old bridge in Halden before winter comes. (NTB)"
)


@pytest.mark.parametrize(
    "prose",
    [
        SIGNED,
        "The council voted on Friday to close the bridge for a year after two accidents. (NTB)",
        "Police told the paper that the ferry had been stopped twice before. (Harbour News)",
        "The bridge was opened to lorries again in the evening, according to the police. (Reuters)",
        "Ann Lund (Vida), Jon Berg (Rovers), Ada Low (Vida), Nora Hale (United), Peter Roe (Vida)",
        "“We have waited for years for this bridge,” Nora Hale wrote in her paper. (Harbour News)",
    ],
)
def test_prose_credited_to_an_agency_is_not_a_caption(prose: str) -> None:
    assert kinds(f"{TITLE}\n\n{BODY}\n\n{prose}\n\n{LAST}") == []
    assert kinds(f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n{prose}") == []


def test_the_last_sentence_of_an_article_is_not_a_caption() -> None:
    signed = "Both lanes of the bridge were open to cars and lorries on Sunday. (NTB)"
    assert kinds(f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n{signed}") == []


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize("paragraph", [BODY, LAST, SIGNED])
def test_the_first_copy_of_a_repeated_paragraph_stays(paragraph: str, between: str) -> None:
    lines = junk_lines(f"{TITLE}\n\n{paragraph}{between}{paragraph}\n\nThe council meets.")
    assert [line.kind.value for line in lines] == ["duplicate-caption"]
    assert lines[0].start > len(TITLE) + 2 + len(paragraph)


def test_a_repeated_caption_with_its_archive_is_a_duplicate() -> None:
    caption = "A ferry rolls past the northern cape in this file photo. (Ledger archive)"
    text = f"{TITLE}\n\n{BODY}\n\n{LAST}\n\n{caption}\n{caption}"
    assert kinds(text) == [(caption, "photo-caption"), (caption, "duplicate-caption")]
