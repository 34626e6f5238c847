"""Columns of other programs: recognised by content, reported, named; a bad row affects one word."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import RecordError
from tests.helpers.columns import entities_of, read
from tests.helpers.examples import examples

NAMES = [("Ada Low", "PERSON"), ("Paris", "GPE")]


INDEX = (
    "1 Ada NNP I-NP I-PERSON\n2 Low NNP I-NP I-PERSON\n3 left VBD I-VP O\n4 Paris NNP I-NP I-GPE\n"
)
UNIVERSAL = (
    "# newdoc id = d1\n# sent_id = 1\n# text = Ada Low left Paris\n"
    "1\tAda\tB-PERSON\t-\tann1\n2\tLow\tI-PERSON\t-\tann1\n3\tleft\tO\t-\t-\n4\tParis\tB-GPE\t-\tann2\n"
)
TWELVE = "\n".join(
    (
        "#begin document (bc/a/00); part 000",
        "bc/a 0 0 Ada NNP (TOP(S(NP* - - - s1 (PERSON* (ARG0* (1",
        "bc/a 0 1 Low NNP *) - - - s1 *) *) 1)",
        "bc/a 0 2 left VBD (VP* leave 01 1 s1 * (V*) -",
        "bc/a 0 3 Paris NNP (NP*)))) - - - s1 (GPE) (ARG1*) (2)",
        "",
        "#end document",
        "",
    )
)
GERMEVAL = (
    "#\thttp://example.org/1\t[2009-10-17]\n"
    "1\tAda\tB-PERSON\tO\n2\tLow\tI-PERSON\tB-GPE\n3\tleft\tO\tO\n4\tParis\tB-GPE\tO\n"
)
UNIVERSAL_MISC = (
    "# text = Ada Low left Paris\n"
    "1\tAda\tAda\tPROPN\t_\t_\t3\tnsubj\t_\tNER=B-PERSON\n"
    "2\tLow\tLow\tPROPN\t_\t_\t1\tflat\t_\tSpaceAfter=No|NER=I-PERSON\n"
    "3\tleft\tleave\tVERB\t_\t_\t0\troot\t_\tNER=O\n"
    "4-5\tParis\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "4\tParis\tParis\tPROPN\t_\t_\t3\tobj\t_\tNER=B-GPE\n"
)
PLUS = (
    "# global.columns = ID FORM UPOS CUSTOM:NER\n"
    "1\tAda\tPROPN\tB-PERSON\n2\tLow\tPROPN\tI-PERSON\n3\tleft\tVERB\tO\n4\tParis\tPROPN\tB-GPE\n"
)
HIPE = (
    "TOKEN\tNE-COARSE\tNE-METO\tNEL\tMISC\n# hipe2022:document_id = a-1\n"
    "Ada\tB-PERSON\tO\tQ1\t_\nLow\tI-PERSON\tO\tQ1\t_\nleft\tO\tO\t_\tNoSpaceAfter\nParis\tB-GPE\tO\tQ2\t_\n"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (INDEX, "columns: 2 word, 5 tag, 1 number; 3-4 not read"),
        (UNIVERSAL, "columns: 2 word, 3 tag, 1 number; 4-5 not read"),
        (TWELVE, "columns: 4 word, 11 tag, 3 number; 1-2, 5-10, 12-13 not read"),
        (GERMEVAL, "columns: 2 word, 3 tag, 1 number; 4 further tags, not read"),
        (UNIVERSAL_MISC, "columns: 2 word, 10 tag (NER=), 1 number; 3-9 not read"),
        (PLUS, "columns: 2 word, 4 tag, 1 number; 3 not read"),
        (HIPE, "columns: 1 word, 2 tag; 3-5 not read"),
        ("Ada\tB-PERSON\nLow\tI-PERSON\nleft\tO\nParis\tB-GPE\n", "columns: 1 word, 2 tag"),
        ("B-PERSON\tAda\nI-PERSON\tLow\nO\tleft\nB-GPE\tParis\n", "columns: 2 word, 1 tag"),
        ("Ada PERSON\nLow PERSON\nleft O\nParis GPE\n", "columns: 1 word, 2 tag"),
        ("Ada B-PERSON\nLow L-PERSON\nleft O\nParis U-GPE\n", "columns: 1 word, 2 tag"),
        ("Ada B-PERSON\nLow E-PERSON\nleft O\nParis S-GPE\n", "columns: 1 word, 2 tag"),
        (
            "Ada B-PERSON 1\nLow I-PERSON 2\nleft O 3\nParis B-GPE 4\n",
            "columns: 1 word, 2 tag, 3 number",
        ),
        ("Ada N  B-PERSON\t\nLow N I-PERSON\nleft V O\nParis N B-GPE\n".replace("\t", " "),
            "columns: 1 word, 3 tag; 2 not read"),
        ("Ada Ada NNP B-PERSON\nLow Low NNP I-PERSON\nleft leave VBD O\nParis Paris NNP B-GPE\n",
            "columns: 1 word, 4 tag; 2-3 not read"),
        ("Ada NNP B-NP B-PERSON\nLow NNP I-NP I-PERSON\nleft VBD B-VP O\nParis NNP B-NP B-GPE\n",
            "columns: 1 word, 4 tag; 2-3 not read"),
    ],
    ids=["index", "universal", "2012", "germeval", "misc", "plus", "hipe", "tab", "tag first",
         "no prefix", "bilou", "ioes", "number last", "blanks", "lemma", "2003"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_are_recognised_and_reported(content: str, said: str, end: str) -> None:
    (record,), refused, notes = read(content.replace("\n", end))
    assert refused == []
    assert record.article.text == "Ada Low left Paris"
    assert entities_of(record) == NAMES
    assert notes == [f"a.conll: {said}"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_not_part_of_a_word(encoding: str) -> None:
    (record,), _, _ = read("Ada B-PERSON\nLow I-PERSON\n".encode(encoding))
    assert record.article.text == "Ada Low"


@pytest.mark.parametrize(
    "comment",
    ["# text = Ada saw the S-400", "# B-52", "# see I-95", "# a U-2 spy plane", "# Vitamin O",
     "# sent_id = 3", "# Paris O B-GPE", "#", "# text = Vitamin O"],
)  # fmt: skip
@pytest.mark.parametrize("row", ["{} {}", "{}\t{}", "{} NN {}", "{} -X- -X- {}"])
def test_comments_are_not_words(comment: str, row: str) -> None:
    rows = [("Ada", "B-PERSON"), ("saw", "O"), ("the", "O"), ("S-400", "B-GPE")]
    lines = "".join(row.format(*one) + "\n" for one in rows)
    (record,), refused, _ = read(f"{comment}\n{lines}")
    assert (record.article.text, refused) == ("Ada saw the S-400", [])


@pytest.mark.parametrize("row", ["{} {}", "{}\t{}", "{} NN {}", "{} -X- -X- {}"])
@pytest.mark.parametrize("word", ["#", "#Paris", "B-52", "O", "12", "-", "_", "I-GPE"])
def test_words_that_look_like_comments_numbers_or_tags_are_words(row: str, word: str) -> None:
    rows = [("Ada", "B-GPE"), ("saw", "O"), (word, "B-GPE"), ("now", "O")]
    (record,), refused, _ = read("".join(row.format(*one) + "\n" for one in rows))
    assert refused == []
    assert entities_of(record) == [("Ada", "GPE"), (word, "GPE")]


def test_numeric_words_are_not_running_numbers() -> None:
    (record,), _, notes = read("1 O\n2 O\n3 B-QUANTITY\n4 I-QUANTITY\n")
    assert record.article.text == "1 2 3 4"
    assert notes == ["a.conll: columns: 1 word, 2 tag"]


@pytest.mark.parametrize(
    ("mark", "again"),
    [
        ("# newdoc id = d{}", "# newdoc id = d{}"),
        ("# newdoc", "# newpar"),
        ("# file: d{}.txt", "# sent 2"),
        ("# file = d{}.txt", "# sent 2"),
        ("#begin document (d{}); part 000", "#end document"),
        ("# doc_id = d{}", "# doc_id = d{}"),
        ("# document_id: d{}", "# sent_id = 2"),
        ("# hipe2020:document_id = d{}", "# hipe2020:language = en"),
        ("-DOCSTART- -X- O", "# sent_id = 2"),
        ("-DOCSTART-(d{})", "# sent_id = 2"),
    ],
)
def test_document_marks_split_articles(mark: str, again: str) -> None:
    parts = (
        f"{mark.format(n)}\nAda{n} N B-PERSON\n\n{again.format(n)}\nleft{n} V O\n\n" for n in (1, 2)
    )
    records, refused, _ = read("".join(parts))
    assert [one.article.text for one in records] == ["Ada1\nleft1", "Ada2\nleft2"]
    assert refused == []


def test_a_large_file_without_marks_is_reported_and_can_be_split() -> None:
    content = "Ada B-PERSON\nleft O\n\n" * 250
    _, _, notes = read(content)
    assert "its 250 sentences are one article" in notes[1]
    records, _, notes = read(content, sentences=100)
    assert [one.article.text.count("\n") + 1 for one in records] == [100, 100, 50]
    assert len(notes) == 1


def test_text_without_blank_lines_is_split_at_sentence_ends() -> None:
    (record,), _, _ = read("Ada B-PERSON\nleft O\n. O\n" * 150)
    assert record.article.text == "\n".join(["Ada left ."] * 150)
    assert len(record.entities) == 150


def test_restarted_running_numbers_start_a_sentence() -> None:
    (record,), _, _ = read("1 Ada B-PERSON\n2 left O\n1 Bob B-PERSON\n2 too O\n")
    assert record.article.text == "Ada left\nBob too"


@pytest.mark.parametrize(
    "content", ["Ada\nLow\n", "Ada NNP\nleft VBD\n", "# a comment\n", "Ada,B-PERSON\nleft,O\n"]
)
def test_an_unusable_file_is_an_error_with_advice(content: str) -> None:
    with pytest.raises(RecordError) as error:
        read(content)
    assert error.value.hint


def test_columns_can_be_named() -> None:
    content = "Ada B-PERSON O x\nleft O B-EVENT y\n"
    (record,), _, notes = read(content, columns="word=1,tag=3")
    assert entities_of(record) == [("left", "EVENT")]
    assert notes == ["a.conll: columns: 1 word, 3 tag; 2 further tags, not read; 4 not read"]
    (record,), _, _ = read(content, columns="word=4, tag=-3")
    assert entities_of(record) == [("x", "PERSON")]


def test_a_field_of_a_column_can_be_named() -> None:
    content = UNIVERSAL_MISC.replace("NER=", "NE=")
    (record,), _, _ = read(content, columns="word=2,tag=10:NE,number=1")
    assert entities_of(record) == NAMES


@pytest.mark.parametrize(
    "columns",
    ["word=1", "tag=2", "word=1,tag=1", "word=x,tag=2", "word=0,tag=2", "word=-1,tag=1", "1,2",
     "word=1,tag=9", "word=9,tag=2", "word=2,tag=1", "word=1,word=2,tag=3", ""],
)  # fmt: skip
def test_missing_columns_are_an_error(columns: str) -> None:
    with pytest.raises(RecordError, match="does not have the columns"):
        read("Ada B-PERSON\nleft O\n", columns=columns)


WORDS = (
    "Ada",
    "Low",
    "left",
    "Paris",
    "the",
    ".",
    "S-400",
    "U-2",
    "#",
    "12",
    "3",
    "O",
    "I-95",
    "é",
)
SCHEMES = {
    "iob2": ("B", "I", "I", "B"),
    "iob1": ("I", "I", "I", "I"),
    "bilou": ("B", "I", "L", "U"),
    "bioes": ("B", "I", "E", "S"),
    "bmes": ("B", "M", "E", "S"),
}


def tags_for(labels: list[str], scheme: str) -> list[str]:
    """The tags of words that have a label or none; neighbours of one label are one name."""
    first, inner, last, single = SCHEMES[scheme]
    found = []
    for place, label in enumerate(labels):
        begins = place == 0 or labels[place - 1] != label
        ends = place + 1 == len(labels) or labels[place + 1] != label
        prefix = (single if ends else first) if begins else (last if ends else inner)
        found.append(f"{prefix}-{label}" if label else "O")
    return found


SENTENCES = st.lists(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "", "PER", "LOC"])),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=5,
)
ORDERS = st.sampled_from(
    ["wt", "tw", "nwt", "nwpt", "wpt", "wpct", "nwlpt", "dwt", "wtn", "nwto", "nwtoa", "dnwpt"]
)


@examples(40)
@given(SENTENCES, ORDERS, st.sampled_from(sorted(SCHEMES)), st.sampled_from("\t "), st.booleans())
def test_columns_in_any_order_and_scheme_are_recognised(
    sentences: list[list[tuple[str, str]]], order: str, scheme: str, between: str, crlf: bool
) -> None:
    known = [("Ada", "PER"), ("Low", "PER"), ("saw", ""), ("a", ""), ("town", "LOC"), ("now", "")]
    every = [known, known[2:], known[:3], *sentences]
    lines = []
    for sentence in every:
        tags = tags_for([label for _, label in sentence], scheme)
        for number, ((word, _), tag) in enumerate(zip(sentence, tags, strict=True), start=1):
            cells = {"w": word, "t": tag, "n": str(number), "d": "bn/a", "o": "-", "a": "ann1"}
            cells |= {"p": "NNP" if len(word) > 2 else "DT", "c": f"{'IB'[number % 2]}-NP"}
            cells["l"] = word.lower()
            lines.append(between.join(cells[one] for one in order))
        lines.append("")
    (record,), refused, _ = read(("\r\n" if crlf else "\n").join(lines))
    assert refused == []
    assert record.article.text == "\n".join(" ".join(word for word, _ in one) for one in every)
    expected = [
        (" ".join(word for word, _ in run), label)
        for one in every
        for label, group in groupby(one, key=lambda row: row[1])
        if label
        for run in [list(group)]
    ]
    assert entities_of(record) == expected
    assert record.unknown == ()


def test_a_word_that_looks_like_a_comment_is_a_row() -> None:
    content = "Ada O 1\nAda O 2\nAda O 3\nmet O 4\n# O 5\nBo B-PER 6\n# O 7\n"
    (record,), refused, _ = read(content)
    assert (record.article.text, refused) == ("Ada Ada Ada met # Bo #", [])


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        ("B_PERSON", "I_PERSON"),
        ("PERSON-B", "PERSON-I"),
        ("PERSON_B", "PERSON_I"),
        ("b-PERSON", "i-PERSON"),
        ("b_PERSON", "i_PERSON"),
    ],
)
def test_other_spellings_of_tags_are_recognised(begins: str, goes_on: str) -> None:
    rows = f"Ada\t{begins}\nLow\t{goes_on}\nmet\tO\nBo\t{begins}\nCy\t{begins}\n"
    (record,), refused, _ = read(rows)
    assert refused == []
    found = [("Ada Low", "PERSON"), ("Bo", "PERSON"), ("Cy", "PERSON")]
    assert entities_of(record) == found


def test_labels_without_prefixes_stay_labels() -> None:
    (record,), _, _ = read("Ada\tPERSON\nmet\tO\nParis\tGPE_CITY\nthere\tO\n")
    assert entities_of(record) == [("Ada", "PERSON"), ("Paris", "GPE_CITY")]


MARKED = {
    "ends": "-DOCSTART- O\n\nAda B-PERSON\n\n-DOCEND- O\n\n"
    "-DOCSTART- O\n\nBo B-PERSON\n\n-DOCEND- O\n",
    "elements": '<doc id="a1">\nAda\tB-PERSON\n</doc>\n<doc id="a2">\nBo\tB-PERSON\n</doc>\n',
    "texts": "<text>\nAda B-PERSON\n</text>\n<text>\nBo B-PERSON\n</text>\n",
    "sentences": "<doc>\n<s>\nAda B-PERSON\n</s>\n</doc>\n<doc>\n<s>\nBo B-PERSON\n</s>\n</doc>\n",
}


@pytest.mark.parametrize("content", MARKED.values(), ids=MARKED)
def test_end_of_document_marks_are_not_words(content: str) -> None:
    records, refused, _ = read(content)
    assert refused == []
    assert [record.article.text for record in records] == ["Ada", "Bo"]


def test_sentence_marks_end_sentences_and_document_names_are_kept() -> None:
    (record,), _, _ = read('<doc id="a1">\n<s>\nAda B-PERSON\n</s>\n<s>\nleft O\n</s>\n</doc>\n')
    assert record.article.text == "Ada\nleft"
    assert record.article.meta == {"document": "a1"}


def test_a_word_that_looks_like_a_mark_is_a_word() -> None:
    (record,), refused, _ = read("Ada\tB-PERSON\n<s>\tO\n<doc>\tO\n-DOC-\tO\n")
    assert (record.article.text, refused) == ("Ada <s> <doc> -DOC-", [])


def test_a_column_of_sentence_starts_is_not_the_words() -> None:
    rows = [("Sentence: 1", "Ada", "B-PERSON"), ("", "Low", "I-PERSON"), ("", "left", "O")]
    rows += [("Sentence: 2", "Bo", "B-PERSON"), ("", "stayed", "O"), ("", "too", "O")]
    (record,), refused, _ = read("".join("\t".join(row) + "\n" for row in rows))
    assert (record.article.text, refused) == ("Ada Low left\nBo stayed too", [])
    assert entities_of(record) == [("Ada Low", "PERSON"), ("Bo", "PERSON")]
