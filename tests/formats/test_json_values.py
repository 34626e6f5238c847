"""JSON values one by one: independent of the layout, in little memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.records.nesting import DEEPEST
from annotator.formats import json_values
from annotator.formats.base import Refused
from annotator.formats.json_values import Numbered, kind_of, value_of, values_in
from tests.helpers.strategies import plain_values

objects = st.lists(
    st.dictionaries(st.text(max_size=5), plain_values, min_size=1, max_size=3), max_size=5
)


def found_in(path: Path, content: str | bytes) -> list[Any]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [one.value if isinstance(one, Numbered) else one for one in values_in(path)]


@given(objects, st.sampled_from([None, 0, 2]), st.booleans(), st.integers(1, 50))
def test_a_list_gives_its_items_in_any_layout(
    tmp_path: Path, items: list[Any], indent: int | None, escaped: bool, piece: int
) -> None:
    content = json.dumps(items, indent=indent, ensure_ascii=escaped)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_PIECE", piece)
        assert found_in(tmp_path / "list.json", content) == items


@given(objects, st.sampled_from([None, 2]))
def test_consecutive_values_are_all_found(
    tmp_path: Path, items: list[Any], indent: int | None
) -> None:
    content = "\n".join(json.dumps(item, indent=indent) for item in items)
    assert found_in(tmp_path / "values.jsonl", content) == items


@pytest.mark.parametrize("content", ["", "\n\n", "[]", "[\n]\n", " [ ] ", "\ufeff[]"])
def test_an_empty_file_has_no_values(tmp_path: Path, content: str) -> None:
    assert found_in(tmp_path / "none.json", content) == []


def test_a_broken_item_does_not_affect_the_others(tmp_path: Path) -> None:
    found = found_in(tmp_path / "list.json", '[{"a": 1}, {"b" 2}, {"c": 3}]')
    assert found[0] == {"a": 1}
    assert isinstance(found[1], Refused)
    assert (found[1].line, found[2]) == (2, {"c": 3})


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ('[{"a": 1}, {"b": ', [{"a": 1}]),
        ('[{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, "open', [{"a": 1}]),
        ('[{"a": "\\ud800"}]', []),
        (b'[{"a": "\xff"}]', []),
        ('[{"a": 1}} x', [{"a": 1}]),
    ],
)
def test_truncated_or_undecodable_input_is_refused(
    tmp_path: Path, content: str | bytes, values: list[Any]
) -> None:
    found = found_in(tmp_path / "list.json", content)
    assert [one for one in found if not isinstance(one, Refused)] == values
    assert [one for one in found if isinstance(one, Refused)] != []


def test_numbers_and_texts_in_a_list_are_items_too(tmp_path: Path) -> None:
    found = found_in(tmp_path / "list.json", '[{"a": 1}, 4, {"b": 2}]')
    assert found == [{"a": 1}, 4, {"b": 2}]


def test_a_large_list_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps([{"text": "x" * 50_000, "n": n} for n in range(600)]))
    tracemalloc.start()
    try:
        assert sum(1 for _ in values_in(path)) == 600
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 30_000_000
    assert peak < 12_000_000


@pytest.mark.parametrize("number", [2**63 - 1, 2**64 - 1, -(2**63), 1.5, 1e300, "9" * 40])
def test_numbers_are_read_unchanged(number: object) -> None:
    found = value_of(json.dumps({"n": [number]}).encode())["n"][0]
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize("digits", [f"{2**64}", f"{-(2**63) - 1}", "1" * 30])
def test_a_number_that_would_become_a_fraction_is_refused(tmp_path: Path, digits: str) -> None:
    one, other = found_in(tmp_path / "a.jsonl", f'{{"n": {digits}}}\n{{"n": 1}}\n')
    assert "put it in quotes" in one.reason
    assert other == {"n": 1}


def test_too_deep_nesting_is_refused() -> None:
    with pytest.raises(ValueError, match=r"deep|depth|recursion"):
        value_of(b"[" * 1020 + b"1234567890123456789" + b"]" * 1020)


def test_an_invalid_value_is_explained_in_plain_words(tmp_path: Path) -> None:
    rows = b'{"a": 1}\n{"a": "Zo\xeb"}\n'
    _, latin = found_in(tmp_path / "a.jsonl", rows)
    why = "not UTF-8 text: byte 0xeb at 10 is invalid"
    kind = "invalid JSON"
    assert latin == Refused("a.jsonl", 2, why, kind=kind)
    _, cut = found_in(tmp_path / "b.json", '[{"a": 1}, {"a": "Zo\xeb')
    assert cut == Refused(
        "b.json", 2, 'not JSON: the file ends within \'{"a": "Zo\xeb\'', kind=kind
    )


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "a": 2}',
        b'{"text": "x", "spans": [{"start": 1, "end": 2, "start": 3}]}',
        b'{"a" : 1,\n "a" : 2}',
        b'{"a":{},"b":"\\":","a":[]}',
        b'{"b":"C:\\\\","a":1,"a":2}',
        b'{"a":1,"a":2,"b\\\\":3}',
        b'{"a":1,"a":2,"b"\t:3}',
        b'{"a":1,"b"  :3,"a":2}',
    ],
)
def test_a_duplicate_key_is_reported_by_name(content: bytes) -> None:
    with pytest.raises(ValueError, match="twice") as caught:
        value_of(content)
    assert kind_of(caught.value) == "duplicate key"


@given(
    st.recursive(
        st.none() | st.integers(-9, 9) | st.text('":\\a b', max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text('":\\a ', max_size=4), inner)
        ),
        max_leaves=12,
    ),
    st.sampled_from([(",", ":"), (", ", ": "), (", ", " : ")]),
)
def test_only_duplicate_keys_are_reported(value: Any, signs: Any) -> None:
    assert value_of(json.dumps(value, separators=signs).encode()) == value


def test_equal_values_of_a_duplicate_key_are_one() -> None:
    assert value_of(b'{"a": 1, "a": 1}') == {"a": 1}


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_lines_may_have_any_line_end(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(ends.join(['{"a": 1}', '{"a": 2}', "x", '{"a": 3}', ""]).encode())
    found = list(values_in(path))
    assert [one.value for one in found if isinstance(one, Numbered)] == [
        {"a": 1},
        {"a": 2},
        {"a": 3},
    ]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize(("depth", "is_read"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_values_that_cannot_be_exported_are_not_read(
    opening: str, depth: int, is_read: bool
) -> None:
    closing = "]" if opening == "[" else "}"
    inner = "" if opening == "[" else "1"
    content = (opening * depth + inner + closing * depth).encode()
    if is_read:
        assert value_of(content)
        return
    with pytest.raises(ValueError, match="nested deeper than 200"):
        value_of(content)
