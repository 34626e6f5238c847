"""Offsets of other programs in their own units: the surface text beside them proves the unit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.record import Record
from annotator.formats import offsets
from annotator.formats.base import Format, Notes, ReadOptions, Refused
from annotator.formats.brat import brat_out
from annotator.formats.label_studio import label_studio_out
from annotator.formats.prodigy import prodigy_out

TEXT = "Ada Low left.\r\nBob Hay stayed.\r\nThen Paris fell.\r\n"
NAMES = (("Ada Low", "PERSON"), ("Bob Hay", "PERSON"), ("Paris", "GPE"))
Rows = list[tuple[int, int, str]]


def rows_in(text: str, *words: str) -> Rows:
    """Where these words stand in the text as a program had it, by code points."""
    return [(text.index(one), text.index(one) + len(one), one) for one in words]


def brat_pair(folder: Path, text: bytes, rows: Rows) -> Path:
    (folder / "doc.txt").write_bytes(text)
    lines = [f"T{n}\tPERSON {a} {b}\t{words}\n" for n, (a, b, words) in enumerate(rows, start=1)]
    (folder / "doc.ann").write_text("".join(lines), encoding="utf-8")
    return folder


def task(text: str, rows: Rows, key: str = "annotations") -> dict[str, Any]:
    """A task of Label Studio, as it exports one."""
    result = [
        {
            "id": f"r{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "labels": ["PERSON"], "text": words},
        }
        for number, (start, end, words) in enumerate(rows)
    ]
    return {"id": 1, "data": {"text": text}, key: [{"id": 9, "completed_by": 1, "result": result}]}


def read(form: Format, path: Path, **how: Any) -> tuple[list[str], list[str], list[str]]:
    """The words of the entities, why something was refused, and what was noted."""
    notes = Notes()
    found = list(form.read(path, ReadOptions(notes=notes, **how)))
    words = [
        one.span.of(record.article.text)
        for record in found
        if isinstance(record, Record)
        for one in record.entities
    ]
    return words, [one.reason for one in found if isinstance(one, Refused)], notes.lines()


def read_json(form: Format, folder: Path, *rows: Any, **how: Any) -> Any:
    path = folder / "theirs.json"
    path.write_text(json.dumps(list(rows)), encoding="utf-8")
    return read(form, path, **how)


NAMED = ("Ada Low", "Bob Hay", "Paris")


@pytest.mark.parametrize(
    ("text", "counted", "way"),
    [
        (TEXT, TEXT.replace("\r\n", "\n"), "codepoints+lf"),
        (TEXT.replace("\r\n", "\n"), TEXT, "codepoints+crlf"),
        (TEXT.replace("\r\n", "\r"), TEXT, "codepoints+crlf"),
        ("\ufeff" + TEXT, TEXT, "codepoints+nobom"),
        ("\ufeff" + TEXT, TEXT.replace("\r\n", "\n"), "codepoints+lf+nobom"),
        (TEXT, "\ufeff" + TEXT, "codepoints+bom"),
        ("🔥 " + TEXT, "🔥🔥 " + TEXT, "utf16"),
        ("👩\u200d🚒 " + TEXT, "🔥 " + TEXT.replace("\r\n", "\n"), "grapheme"),
        ("“Oh” " + TEXT, "----Oh---- "[:10] + " " + TEXT, "bytes"),
        ("One  two " + TEXT, "One two " + TEXT, "codepoints+blanks"),
    ],
)
def test_brat_is_read_in_the_unit_that_matches_all_texts(
    tmp_path: Path, text: str, counted: str, way: str
) -> None:
    rows = rows_in(counted, *NAMED)
    if way == "bytes":
        rows = [
            (
                len(text[: text.index(one)].encode()),
                len((text[: text.index(one)] + one).encode()),
                one,
            )
            for one in NAMED
        ]
    words, refused, notes = read(brat_out.FORMAT, brat_pair(tmp_path, text.encode(), rows))
    assert (words, refused) == (list(NAMED), [])
    assert len(notes) == 1
    assert f"(--offsets {way})" in notes[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("lf", [False, True])
def test_brat_files_in_other_encodings_are_read(tmp_path: Path, encoding: str, lf: bool) -> None:
    text = "\ufeff" * encoding.endswith("be") + TEXT
    counted = TEXT.replace("\r\n", "\n") if lf else TEXT
    folder = brat_pair(tmp_path, text.encode(encoding), rows_in(counted, *NAMED))
    lines = (folder / "doc.ann").read_text(encoding="utf-8")
    (folder / "doc.ann").write_bytes(("\ufeff" * encoding.endswith("be") + lines).encode(encoding))
    words, refused, _ = read(brat_out.FORMAT, folder)
    assert (words, refused) == (list(NAMED), [])


def test_fragments_of_brat_prove_the_unit_too(tmp_path: Path) -> None:
    folder = brat_pair(tmp_path, TEXT.encode(), [])
    (folder / "doc.ann").write_text(
        "T1\tContent 14 21;35 40\tBob Hay Paris\nT2\tAttribution 14 21\tBob Hay\n"
        "E1\tAttribution:T2 Content:T1\n"
    )
    (record,) = brat_out.FORMAT.read(folder)
    assert isinstance(record, Record)
    (claim,) = record.claims
    assert [span.of(record.article.text) for span in claim.content] == ["Bob Hay", "Paris"]


def test_a_brat_line_that_matches_in_no_unit_is_refused_alone(tmp_path: Path) -> None:
    rows = rows_in(TEXT.replace("\r\n", "\n"), *NAMED)
    folder = brat_pair(tmp_path, TEXT.encode(), [*rows, (3, 9, "nothing")])
    words, refused, _ = read(brat_out.FORMAT, folder)
    assert words == list(NAMED)
    assert len(refused) == 1
    assert "not 'nothing'" in refused[0]


def test_without_a_unit_that_matches_everything_mismatches_are_refused(
    tmp_path: Path,
) -> None:
    rows = rows_in(TEXT, "Ada Low", "Bob Hay") + rows_in(TEXT.replace("\r\n", "\n"), "Paris")
    words, refused, notes = read(brat_out.FORMAT, brat_pair(tmp_path, TEXT.encode(), rows))
    assert words == ["Ada Low", "Bob Hay"]
    assert len(refused) == 1
    assert "no single offset unit fits all its words" in notes[0]
    words, refused, _ = read(brat_out.FORMAT, tmp_path, offsets="lf")
    assert (words, len(refused)) == (["Ada Low", "Paris"], 1)


def test_an_ambiguous_unit_in_brat_is_asked_for(tmp_path: Path) -> None:
    folder = brat_pair(tmp_path, b"\nha ha ha ha", [(4, 6, "ha")])
    (folder / "doc.txt").write_bytes(b"\n\n\nha ha ha")
    words, refused, _ = read(
        brat_out.FORMAT, brat_pair(tmp_path, b"\n\n\nha ha ha", [(6, 8, "ha")])
    )
    assert words == []
    assert "choose with --offsets codepoints+crlf or --offsets codepoints" in refused[0]
    words, refused, _ = read(brat_out.FORMAT, folder, offsets="codepoints+crlf")
    assert (words, refused) == (["ha"], [])


@pytest.mark.parametrize("key", ["annotations", "completions"])
@pytest.mark.parametrize(
    ("text", "counted", "inclusive", "way"),
    [
        ("Ada Low met Bob Hay in Paris.", "Ada Low met Bob Hay in Paris.", True, "inclusive"),
        (TEXT, TEXT.replace("\r\n", "\n"), False, "lf"),
        (TEXT, TEXT.replace("\r\n", "\n"), True, "lf+inclusive"),
        ("🔥 " + TEXT, "🔥🔥 " + TEXT.replace("\r\n", "\n"), False, "utf16+lf"),
        ("\ufeffAda Low met Bob Hay in Paris", "Ada Low met Bob Hay in Paris", False, "nobom"),
    ],
)
def test_label_studio_is_read_in_the_unit_that_matches_all_texts(
    tmp_path: Path, text: str, counted: str, inclusive: bool, way: str, key: str
) -> None:
    rows = [(a, b - inclusive, words) for a, b, words in rows_in(counted, *NAMED)]
    words, refused, notes = read_json(label_studio_out.FORMAT, tmp_path, task(text, rows, key))
    assert (words, refused) == (list(NAMED), [])
    assert f"{way})" in notes[0]


@pytest.mark.parametrize(
    ("text", "row", "held"),
    [
        ("Text: Berlin,  Germany.", (6, 22, "Berlin, Germany"), "Berlin,  Germany"),
        ("Text: Berlin,\n Germany.", (6, 22, "Berlin, Germany"), "Berlin,\n Germany"),
        ("Text: Berlin.", (6, 14, "Berlin."), "Berlin."),
        ("Text: Berlin.", (6, 14, "Berlin. "), "Berlin."),
        ("Text: Berlin now", (6, 13, "Berlin"), "Berlin"),
        ("Text: Berlin\xa0now", (6, 16, "Berlin now"), "Berlin\xa0now"),
        ("One\nTwo", (0, 7, "One\\nTwo"), "One\nTwo"),
    ],
    ids=["collapsed", "line end", "beyond", "blank beyond", "blank cut", "no break", "backslash"],
)
def test_differing_blanks_do_not_affect_offsets(
    tmp_path: Path, text: str, row: tuple[int, int, str], held: str
) -> None:
    assert read_json(label_studio_out.FORMAT, tmp_path, task(text, [row])) == ([held], [], [])


def test_regions_without_text_use_the_unit_of_the_others(tmp_path: Path) -> None:
    plain = task("🔥 Ada met Bob", [(3, 6, "Ada"), (11, 14, "")])
    del plain["annotations"][0]["result"][1]["value"]["text"]
    words, refused, notes = read_json(label_studio_out.FORMAT, tmp_path, plain)
    assert (words, refused, len(notes)) == (["Ada", "Bob"], [], 1)


def test_without_any_text_the_unit_is_asked_for_if_it_matters(tmp_path: Path) -> None:
    plain = task("🔥🔥 a b c d", [(5, 6, "")])
    del plain["annotations"][0]["result"][0]["value"]["text"]
    words, (reason,), _ = read_json(label_studio_out.FORMAT, tmp_path, plain)
    assert words == []
    assert "--offsets utf16 or --offsets codepoints" in reason
    assert read_json(label_studio_out.FORMAT, tmp_path, plain, offsets="utf16")[0] == ["a"]


def test_other_texts_of_the_file_can_prove_the_unit(tmp_path: Path) -> None:
    unclear = task("\n\n\nha ha ha", [(6, 8, "ha")])
    clear = task("\n\n\nAda met Bob", [(6, 9, "Ada")])
    words, refused, _ = read_json(label_studio_out.FORMAT, tmp_path, unclear, clear)
    assert (words, refused) == (["ha", "Ada"], [])
    alone = read_json(label_studio_out.FORMAT, tmp_path, unclear)
    assert "is unclear" in alone[1][0]


def test_prodigys_tokens_prove_the_unit_of_its_spans(tmp_path: Path) -> None:
    row = {
        "text": "🔥 Ada met Bob",
        "tokens": [
            {"text": "🔥", "start": 0, "end": 2, "id": 0},
            {"text": "Ada", "start": 3, "end": 6, "id": 1},
            {"text": "met", "start": 7, "end": 10, "id": 2},
            {"text": "Bob", "start": 11, "end": 14, "id": 3},
        ],
        "spans": [{"start": 3, "end": 6, "label": "PERSON"}],
        "answer": "accept",
    }
    words, refused, notes = read_json(prodigy_out.FORMAT, tmp_path, row)
    assert (words, refused) == (["Ada"], [])
    assert "UTF-16" in notes[0]


def test_spans_with_text_prove_the_unit_of_plain_files_too(tmp_path: Path) -> None:
    span = {"start": 16, "end": 22, "label": "PERSON", "text": "Bob Hay"}
    words, refused, notes = read_json(
        offsets.FORMAT, tmp_path, {"text": TEXT, "spans": [span | {"start": 14, "end": 20}]}
    )
    assert (words, refused) == (["Bob Hay"], [])
    assert "lf+inclusive" in notes[0]


def test_files_with_one_unit_are_reported_in_one_line() -> None:
    notes = Notes()
    for name in ("a.ann", "b.ann", "b.ann", "c.ann"):
        notes.add(name, "it counts")
    assert notes.lines() == ["a.ann and 2 more: it counts"]
