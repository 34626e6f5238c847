"""Shapes of JSON values."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.formats.shapes import ABSENT, ANY, EMPTY, SOME, Prefix, fits, row


@pytest.mark.parametrize(
    ("value", "shape", "expected"),
    [
        ({"a": 1}, {"a": int}, True),
        ({"a": True}, {"a": int}, False),
        ({"a": 1}, {"b": ANY}, False),
        ({"a": 1}, {"b": ABSENT}, True),
        ({"a": 1}, {("a", "b"): int}, True),
        ({"a": 1, "b": "x"}, {("a", "b"): str}, True),
        ({"a": []}, {"a": EMPTY}, True),
        ({"a": [1]}, {"a": EMPTY}, False),
        ({"a": [None, {"b": 1}]}, {"a": [{"b": int}]}, True),
        ({"a": {"x": [1]}}, {SOME: {SOME: [int]}}, True),
        (["x", {}], row(str, dict), True),
        (["x"], row(str, dict), False),
        ("accept", ("accept", "reject"), True),
        ({}, {"spans": (ABSENT, EMPTY)}, True),
        ({"format": "annotator.record/6"}, {"format": Prefix("annotator.")}, True),
        ({"format": ["annotator.record/6"]}, {"format": Prefix("annotator.")}, False),
    ],
)
def test_shapes_of_values(value: Any, shape: Any, expected: bool) -> None:
    assert fits(value, shape) is expected
