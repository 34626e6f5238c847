"""The sample articles and their gold: exact, valid, and with all features of real pages."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from annotator.core.article import normalise, title_line
from annotator.core.labels import scheme_from
from annotator.core.record import record_from_dict

ROOT = Path(__file__).parents[2]
SEEDS = sorted(
    path
    for path in (ROOT / "seeds").iterdir()
    if path.suffix in {".txt", ".md"} and path.name != "README.md"
)
SCHEMA = json.loads((ROOT / "schema" / "record.schema.json").read_text(encoding="utf-8"))
README = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")

Plain = dict[str, Any]


def gold_line(seed: Path) -> str:
    return (seed.parent / "gold" / f"{seed.stem}.jsonl").read_text(encoding="utf-8")


GOLD: dict[str, Plain] = {seed.stem: json.loads(gold_line(seed)) for seed in SEEDS}
TEXT = {stem: record["text"] for stem, record in GOLD.items()}
CLAIMS = [claim for record in GOLD.values() for claim in record["claims"]]

every_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)


def pieces(claims: list[Plain]) -> list[Plain]:
    """Every piece of content, cue and source of `claims`."""
    return [piece for c in claims for piece in (*c["content"], *c["cue"], *c["source"])]


def stances(kind: str) -> int:
    return sum(claim["stance"] == kind for claim in CLAIMS)


def test_there_are_at_least_eight_articles() -> None:
    assert len(SEEDS) >= 8


def test_every_gold_record_has_its_article() -> None:
    assert {path.stem for path in (ROOT / "seeds" / "gold").iterdir()} == set(GOLD)


@every_seed
def test_an_article_has_the_required_length(seed: Path) -> None:
    assert 250 <= len(seed.read_text(encoding="utf-8").split()) <= 700


@every_seed
def test_the_readme_names_the_outlet_of_every_article(seed: Path) -> None:
    (row,) = (line for line in README.splitlines() if line.startswith(f"| `{seed.name}`"))
    assert "invented outlet, written for this project" in row


@every_seed
def test_gold_is_one_line_in_the_order_of_the_codec(seed: Path) -> None:
    record = json.loads(gold_line(seed))
    again = record_from_dict(record).to_dict()
    assert gold_line(seed) == json.dumps(again, ensure_ascii=False, separators=(",", ":")) + "\n"


@every_seed
def test_gold_satisfies_the_schema(seed: Path) -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(GOLD[seed.stem])] == []


@every_seed
def test_gold_has_the_text_of_the_file(seed: Path) -> None:
    text = normalise(seed.read_bytes().decode("utf-8"))
    record = GOLD[seed.stem]
    assert (record["text"], record["origin"]["name"]) == (text, seed.name)


@every_seed
def test_the_title_is_the_first_line(seed: Path) -> None:
    record = GOLD[seed.stem]
    assert record["title"] == title_line(record["text"])
    assert record["title"] in record["text"].splitlines()[0]


@every_seed
def test_every_span_quotes_its_text(seed: Path) -> None:
    record = GOLD[seed.stem]
    spans = [*record["entities"], *record["junk"], *pieces(record["claims"])]
    assert [s for s in spans if record["text"][s["start"] : s["end"]] != s["text"]] == []


@every_seed
def test_no_piece_crosses_a_line_end(seed: Path) -> None:
    found = pieces(GOLD[seed.stem]["claims"])
    assert [piece for piece in found if "\n" in piece["text"]] == []


@every_seed
def test_junk_is_whole_lines(seed: Path) -> None:
    record = GOLD[seed.stem]
    lines = set(record["text"].split("\n"))
    assert [line for line in record["junk"] if line["text"] not in lines] == []


@every_seed
def test_no_item_is_marked_inside_junk(seed: Path) -> None:
    record = GOLD[seed.stem]
    inside = {n for line in record["junk"] for n in range(line["start"], line["end"])}
    marked = [*record["entities"], *pieces(record["claims"])]
    covered = {n for span in marked for n in range(span["start"], span["end"])}
    assert inside.isdisjoint(covered)


@every_seed
def test_entities_do_not_overlap(seed: Path) -> None:
    entities = GOLD[seed.stem]["entities"]
    assert [(a, b) for a, b in pairwise(entities) if a["end"] > b["start"]] == []


@every_seed
def test_edges_of_entities_follow_the_guidelines(seed: Path) -> None:
    untidy = re.compile(r"^(?:the|an?)\s|^\W(?!\d)|['’]s$|[\s,.;:*]$", re.IGNORECASE)
    allowed = {"WORK_OF_ART"}
    found = [e for e in GOLD[seed.stem]["entities"] if e["label"] not in allowed]
    assert [e["text"] for e in found if untidy.search(e["text"])] == []


@every_seed
def test_a_name_is_marked_every_time(seed: Path) -> None:
    record = GOLD[seed.stem]
    names = {
        e["text"] for e in record["entities"] if e["label"] in {"PERSON", "ORG", "GPE", "NORP"}
    }
    taken = {
        n
        for item in (*record["entities"], *record["junk"])
        for n in range(item["start"], item["end"])
    }
    missed = [
        match.span()
        for name in names
        for match in re.finditer(rf"\b{re.escape(name)}\b", record["text"])
        if match.start() not in taken
    ]
    assert missed == []


@every_seed
def test_quotation_follows_the_marks(seed: Path) -> None:
    assert [c for c in GOLD[seed.stem]["claims"] if c["quotation"] != as_marked(c)] == []


def as_marked(claim: Plain) -> str:
    """What the marks in the content make of it."""
    if all(piece["text"][0] in '"“‘' for piece in claim["content"]):
        return "direct"
    return (
        "mixed" if any(set(piece["text"]) & set('"“') for piece in claim["content"]) else "indirect"
    )


def test_every_label_of_the_scheme_occurs() -> None:
    table = tomllib.loads((ROOT / "schema" / "labels.toml").read_text(encoding="utf-8"))
    used = Counter(e["label"] for record in GOLD.values() for e in record["entities"])
    assert set(used) == set(scheme_from(table).by_name)


def test_every_kind_of_junk_occurs() -> None:
    kinds = set(SCHEMA["$defs"]["junk_kind"]["enum"])
    assert {line["kind"] for record in GOLD.values() for line in record["junk"]} == kinds


def test_both_kinds_of_quotation_marks_occur() -> None:
    assert any("“" in text for text in TEXT.values())
    assert any('"' in text and "“" not in text for text in TEXT.values())


def test_quotations_run_over_several_paragraphs() -> None:
    def lines(stem: str, claim: Plain) -> int:
        first, last = claim["content"][0], claim["content"][-1]
        return len(TEXT[stem][first["start"] : last["end"]].split("\n\n"))

    long = [s for s, r in GOLD.items() for c in r["claims"] if lines(s, c) >= 3]
    assert len(long) >= 2


@pytest.mark.parametrize(
    "kind", ["named", "anonymous", "collective", "document", "author", "unspecified"]
)
def test_every_kind_of_source_occurs(kind: str) -> None:
    assert any(claim["source_kind"] == kind for claim in CLAIMS)


@pytest.mark.parametrize(
    "stance", ["denies", "predicts", "demands", "questions", "commits", "judges"]
)
def test_every_stance_occurs_more_than_once(stance: str) -> None:
    assert stances(stance) >= 3


def test_some_attribution_is_nested() -> None:
    assert sum(claim["parent"] is not None for claim in CLAIMS) >= 8


def test_content_is_split_around_its_cue() -> None:
    split = [c for c in CLAIMS if len(c["content"]) > 1 and c["cue"]]
    assert any(c["content"][0]["end"] <= c["cue"][0]["start"] for c in split)


def test_some_quotation_has_no_verb() -> None:
    assert any(not claim["cue"] and claim["source"] for claim in CLAIMS)


def test_some_paragraph_asserts_without_attribution() -> None:
    text, claims = TEXT["eurasia-courier"], GOLD["eurasia-courier"]["claims"]
    start = text.index("The American deployment has no mandate")
    end = text.index("\n", start)
    assert [p for p in pieces(claims) if start <= p["start"] < end] == []


def test_one_outlet_misspells_a_person() -> None:
    assert [stem for stem, text in TEXT.items() if "McGuir" in text] == ["northern-wire"]
    assert any("McGurk" in text for text in TEXT.values())


def test_one_group_has_four_names_and_a_foreign_initialism() -> None:
    names = {e["text"] for e in GOLD["lakeside-gazette"]["entities"] if e["label"] == "ORG"}
    group = {"Syrian Democratic Forces", "SDF", "Forces démocratiques syriennes", "FDS"}
    assert group <= names
    assert "Kurdish-Arab alliance" in TEXT["lakeside-gazette"]


@pytest.mark.parametrize("stem", ["orontes-post", "tidewater-bulletin"])
def test_accounts_conflict(stem: str) -> None:
    assert {"asserts", "denies"} <= {claim["stance"] for claim in GOLD[stem]["claims"]}


def test_dates_are_relative_to_publication() -> None:
    dates = {e["text"] for r in GOLD.values() for e in r["entities"] if e["label"] == "DATE"}
    assert {"Friday", "earlier this month", "next week", "Today", "tomorrow"} <= dates


def test_a_headline_is_repeated() -> None:
    text = TEXT["harbour-ledger"]
    assert text.split("\n").count(text.split("\n")[0]) == 2


@pytest.mark.parametrize("stem", ["eurasia-courier", "plainfield-courier"])
def test_a_comment_form_is_at_the_end(stem: str) -> None:
    assert GOLD[stem]["junk"][-1]["kind"] == "comment-form"
    assert TEXT[stem].rstrip("\n").endswith(GOLD[stem]["junk"][-1]["text"])


def test_footnote_asterisks_stay_outside_the_name() -> None:
    text = TEXT["northern-wire"]
    marks = [e for e in GOLD["northern-wire"]["entities"] if text[e["end"]] == "*"]
    assert [e["text"] for e in marks] == ["Daesh"]
