"""The schema files: the label scheme is valid, and broken records are refused by field."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from annotator.core.annotations import (
    JunkKind,
    MadeBy,
    Verdict,
)
from annotator.core.labels import Role, scheme_from
from annotator.core.record import record_from_dict
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.errors import RecordError, SchemeError
from annotator.lexicon.label_roles import SPEAKERS

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema"
RECORD_SCHEMA = json.loads((SCHEMA / "record.schema.json").read_text(encoding="utf-8"))
LABELS_SCHEMA = json.loads((SCHEMA / "labels.schema.json").read_text(encoding="utf-8"))
LABELS = tomllib.loads((SCHEMA / "labels.toml").read_text(encoding="utf-8"))
GUIDELINES = (SCHEMA / "guidelines.md").read_text(encoding="utf-8")
ONTONOTES = {
    "PERSON",
    "NORP",
    "FAC",
    "ORG",
    "GPE",
    "LOC",
    "PRODUCT",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "LANGUAGE",
    "DATE",
    "TIME",
    "PERCENT",
    "MONEY",
    "QUANTITY",
    "ORDINAL",
    "CARDINAL",
}

Plain = dict[str, Any]


def complaints(schema: Plain, instance: object) -> list[str]:
    """Each complaint as a user sees it: where, then what."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]


@pytest.fixture
def record() -> Plain:
    line = (ROOT / "seeds" / "gold" / "northern-wire.jsonl").read_text(encoding="utf-8")
    plain: Plain = json.loads(line)
    return plain


@pytest.mark.parametrize("schema", [RECORD_SCHEMA, LABELS_SCHEMA], ids=["record", "labels"])
def test_a_schema_is_itself_valid(schema: Plain) -> None:
    Draft202012Validator.check_schema(schema)


def test_the_label_scheme_fits_its_schema() -> None:
    assert complaints(LABELS_SCHEMA, LABELS) == []


def test_the_label_scheme_loads() -> None:
    assert len(scheme_from(LABELS).labels) == 20


def test_the_shipped_roles_equal_the_default_roles() -> None:
    without = copy.deepcopy(LABELS)
    for label in without["label"]:
        label.pop("role", None)
    roles = scheme_from(LABELS).roles
    assert roles == {"PERSON": "person", "ORG": "group", "GPE": "group", "NORP": "group"}
    assert scheme_from(without).roles == roles
    assert set(roles) == SPEAKERS


def test_a_scheme_with_other_labels_names_their_roles() -> None:
    other = copy.deepcopy(LABELS)
    other["label"] = [
        {"name": "PER", "key": "p", "color": "#123456", "meaning": "A person", "role": "person"},
        {"name": "PERSON", "key": "o", "color": "#123456", "meaning": "A persona, as in a play"},
    ]
    assert not complaints(LABELS_SCHEMA, other)
    assert scheme_from(other).roles == {"PER": Role.PERSON}


def test_the_labels_are_those_of_ontonotes_and_two_for_conflict() -> None:
    assert {label["name"] for label in LABELS["label"]} == ONTONOTES | {"WEAPON", "VEHICLE"}


@pytest.mark.parametrize("field", ["name", "key", "color", "meaning"])
def test_labels_have_unique_fields(field: str) -> None:
    values = [label[field] for label in LABELS["label"]]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda s: s.update(colour="red"), "colour"),
        (lambda s: s.pop("version"), "version"),
        (lambda s: s.update(label=[]), "$.label"),
        (lambda s: s["label"][2].pop("meaning"), "$.label[2]"),
        (lambda s: s["label"][2].update(key="pp"), "$.label[2].key"),
        (lambda s: s["label"][2].update(color="red"), "$.label[2].color"),
        (lambda s: s["label"][2].update(name="TWO WORDS"), "$.label[2].name"),
        (lambda s: s["label"][2].update(key=" "), "$.label[2].key"),
        (lambda s: s["label"][2].update(role="boss"), "$.label[2].role"),
    ],
)
def test_a_broken_label_scheme_is_refused_by_field(
    change: Callable[[Plain], object], named: str
) -> None:
    scheme = copy.deepcopy(LABELS)
    change(scheme)
    assert any(named in complaint for complaint in complaints(LABELS_SCHEMA, scheme))


@pytest.mark.parametrize(
    "change", [{"name": "TWO WORDS"}, {"name": "X "}, {"key": " "}, {"role": "boss"}, {"role": []}]
)
def test_an_invalid_label_is_not_loaded(change: Plain) -> None:
    scheme = copy.deepcopy(LABELS)
    scheme["label"][2].update(change)
    with pytest.raises(SchemeError):
        scheme_from(scheme)


@pytest.mark.parametrize(
    "name",
    [
        *(label["name"] for label in LABELS["label"]),
        *(value.value for one in CLAIM_ATTRIBUTES for value in one.choices or ()),
        *(kind.value for kind in JunkKind),
    ],
)
def test_the_guidelines_define_every_label_and_value(name: str) -> None:
    assert re.search(rf"^- (\*\*|`){re.escape(name)}\1: ", GUIDELINES, re.MULTILINE)


def test_the_guidelines_are_short_enough_to_be_read() -> None:
    assert len(GUIDELINES.splitlines()) <= 250


@pytest.mark.parametrize(
    ("definition", "values"),
    [
        (RECORD_SCHEMA["$defs"]["junk_kind"], JunkKind),
        (RECORD_SCHEMA["$defs"]["made_by"], MadeBy),
        (RECORD_SCHEMA["$defs"]["verdict"], Verdict),
    ],
)
def test_schema_and_program_have_the_same_values(definition: Plain, values: Any) -> None:
    assert set(definition["enum"]) == {value.value for value in values}


def test_a_whole_record_is_accepted(record: Plain) -> None:
    assert complaints(RECORD_SCHEMA, record) == []


def test_a_skipped_article_without_items_is_accepted(record: Plain) -> None:
    record.update(answer="skip", entities=[], claims=[], junk=[])
    assert complaints(RECORD_SCHEMA, record) == []


def test_unreviewed_machine_output_is_accepted(record: Plain) -> None:
    record["review"] = dict.fromkeys(record["review"], None) | {
        "kind": "none",
        "seconds": 0,
        "keys": 0,
        "decisions": 0,
    }
    for item in (*record["entities"], *record["claims"], *record["junk"]):
        item.update(verdict="pending", made_by="pipeline", score=0.9)
    assert complaints(RECORD_SCHEMA, record) == []


def test_every_kind_of_rejected_item_is_accepted(record: Plain) -> None:
    span = {"start": 0, "end": 6, "text": "Second"}
    record["rejected"] = [
        {"item": "entity", **span, "label": "ORG"},
        {"item": "junk", **span, "kind": "tag-line"},
        {"item": "claim", "content": [span], "cue": [], "source": []},
    ]
    assert complaints(RECORD_SCHEMA, record) == []


Change = Callable[[Plain], object]
SPAN = {"start": 0, "end": 6, "text": "Second"}
BROKEN: list[tuple[str, Change, str]] = [
    ("another format", lambda r: r.update(format="annotator.record/2"), "$.format"),
    ("id not a hash", lambda r: r.update(id="northern-wire"), "$.id"),
    ("no text", lambda r: r.pop("text"), "'text' is a required"),
    ("carriage return", lambda r: r.update(text="a\r\nb"), "$.text"),
    ("title a list", lambda r: r.update(title=["a"]), "$.title"),
    ("language spelt out", lambda r: r.update(language="English"), "$.language"),
    ("unknown answer", lambda r: r.update(answer="maybe"), "$.answer"),
    ("skipped with items", lambda r: r.update(answer="skip"), "$.entities"),
    ("a field of its own", lambda r: r.update(mood="good"), "'mood' was unexpected"),
    ("a path as name", lambda r: r["origin"].update(name="/home/a/b.txt"), "$.origin.name"),
    ("no outlet", lambda r: r["origin"].pop("outlet"), "$.origin: 'outlet'"),
    ("local time", lambda r: r["origin"].update(received="2026-01-01T10:00"), "origin.received"),
    ("also_from a name", lambda r: r.update(also_from=["b.txt"]), "$.also_from[0]"),
    ("meta a list", lambda r: r.update(meta=[]), "$.meta"),
    ("scheme a name", lambda r: r.update(scheme="ontonotes"), "$.scheme"),
    ("pipeline without hash", lambda r: r.update(pipeline={"name": "a", "version": "1"}), "'hash'"),
    ("unknown kind", lambda r: r["review"].update(kind="guess"), "$.review.kind"),
    ("nobody's review", lambda r: r["review"].update(reviewer=None), "$.review.reviewer"),
    ("not a time", lambda r: r["review"].update(finished="yesterday"), "$.review.finished"),
    ("negative time", lambda r: r["review"].update(seconds=-1), "$.review.seconds"),
    ("half a key", lambda r: r["review"].update(keys=1.5), "$.review.keys"),
    ("no yes or no", lambda r: r["review"].update(assisted=None), "$.review.assisted"),
    ("start a text", lambda r: r["entities"][3].update(start="4"), "$.entities[3].start"),
    ("start below 0", lambda r: r["entities"][3].update(start=-1), "$.entities[3].start"),
    ("end at 0", lambda r: r["entities"][3].update(end=0), "$.entities[3].end"),
    ("blank span", lambda r: r["entities"][3].update(text="  "), "$.entities[3].text"),
    ("no label", lambda r: r["entities"][3].pop("label"), "$.entities[3]: 'label'"),
    ("a label of two words", lambda r: r["entities"][3].update(label="A B"), "entities[3].label"),
    ("no name as id", lambda r: r["junk"][0].update(id=""), "$.junk[0].id"),
    ("a long id", lambda r: r["claims"][1].update(id="c" * 201), "$.claims[1].id"),
    (
        "a rejected claim of nothing",
        lambda r: r.update(rejected=[{"item": "claim", "content": [], "cue": [], "source": []}]),
        "$.rejected[0].content",
    ),
    ("score above 1", lambda r: r["entities"][3].update(score=1.2), "$.entities[3].score"),
    ("unknown maker", lambda r: r["entities"][3].update(made_by="me"), "$.entities[3].made_by"),
    ("verdict rejected", lambda r: r["junk"][0].update(verdict="rejected"), "$.junk[0].verdict"),
    ("unknown junk", lambda r: r["junk"][0].update(kind="noise"), "$.junk[0].kind"),
    ("no content", lambda r: r["claims"][1].update(content=[]), "$.claims[1].content"),
    ("cue a span", lambda r: r["claims"][1].update(cue=SPAN), "$.claims[1].cue"),
    (
        "a piece without text",
        lambda r: r["claims"][1]["source"][0].pop("text"),
        "$.claims[1].source[0]: 'text'",
    ),
    ("unknown stance", lambda r: r["claims"][1].update(stance="hopes"), "$.claims[1].stance"),
    ("unknown quotation", lambda r: r["claims"][1].update(quotation=""), "claims[1].quotation"),
    ("sure is no degree", lambda r: r["claims"][1].update(certainty="sure"), "claims[1].certainty"),
    ("check a text", lambda r: r["claims"][1].update(check_worthy="y"), "claims[1].check_worthy"),
    ("tier C", lambda r: r["claims"][1].update(tier="C"), "$.claims[1].tier"),
    ("rejected without item", lambda r: r.update(rejected=[SPAN]), "$.rejected[0]: 'item'"),
    ("rejected, no label", lambda r: r.update(rejected=[{"item": "entity", **SPAN}]), "'label'"),
    (
        "a rejected junk line with a label",
        lambda r: r.update(rejected=[{"item": "junk", **SPAN, "kind": "tag-line", "label": "ORG"}]),
        "'label' was unexpected",
    ),
    ("offered an entity", lambda r: r.update(offered=[r["entities"][0]]), "$.offered[0]"),
    ("a note without time", lambda r: r.update(notes=[{"reviewer": "a", "text": "b"}]), "'at'"),
]


@pytest.mark.parametrize(
    ("change", "named"),
    [(change, named) for _, change, named in BROKEN],
    ids=[name for name, _, _ in BROKEN],
)
def test_a_broken_record_is_refused_by_field(record: Plain, change: Change, named: str) -> None:
    change(record)
    found = complaints(RECORD_SCHEMA, record)
    assert any(named in complaint for complaint in found), found


def test_there_are_more_than_thirty_broken_records() -> None:
    assert len(BROKEN) > 30


# A field more is no reason to refuse a record that a later version wrote.
@pytest.mark.parametrize(
    ("change", "named"),
    [(change, named) for name, change, named in BROKEN if name != "a field of its own"],
    ids=[name for name, _, _ in BROKEN if name != "a field of its own"],
)
def test_reading_a_broken_record_names_its_field(record: Plain, change: Change, named: str) -> None:
    change(record)
    with pytest.raises(RecordError) as caught:
        record_from_dict(record)
    for word in re.findall(r"[a-z_]+", named.split(" is a")[0].replace("was unexpected", "")):
        # The offsets and the words of a span stand or fall together.
        known = "start|end|text|span" if word in ("start", "end", "text") else word
        assert re.search(known, caught.value.message), caught.value.message


def test_two_items_cannot_have_one_id(record: Plain) -> None:
    record["junk"][0]["id"] = record["entities"][0]["id"]
    with pytest.raises(RecordError, match=r"junk\[0\].id: .* of another item too"):
        record_from_dict(record)


def test_machine_output_cannot_be_decided(record: Plain) -> None:
    record["review"].update(kind="none", reviewer=None)
    assert any("$.entities[0].verdict" in text for text in complaints(RECORD_SCHEMA, record))
