"""Text from outside in Markdown and in its YAML header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.export.markdown import code, table, yaml_string

yaml = pytest.importorskip("yaml", reason="no PyYAML")
HARD = st.text(
    "a :#'\"\\-\n\t\x00\x1b\x7f\x85\x9f\xa0\u2028\u2029\ufeff\ufffe\uffff\U0001fffe𝒜{}[]"
)


@given(HARD | st.text())
def test_any_text_is_a_string_of_the_header(text: str) -> None:
    assert yaml.safe_load(f"name: {yaml_string(text)}\n") == {"name": text}


@given(st.text("ab`|\n\r\\_", min_size=1))
def test_a_name_stays_in_its_cell(name: str) -> None:
    *_, row = table(("item", "count"), [(code(name), 1)])
    assert "\n" not in row
    assert row.replace("\\\\", "").replace("\\|", "").count("|") == 3
