"""The names of tests, which workers send with each report."""

from __future__ import annotations

import pytest

VALUE = "x" * 1_000_000


@pytest.mark.parametrize("value", [VALUE, VALUE.encode()], ids=None)
def test_a_long_value_stands_in_a_name_by_its_beginning(
    request: pytest.FixtureRequest, value: str | bytes
) -> None:
    assert len(value) == len(VALUE)
    assert "xxx and 999900 more" in request.node.name
    assert max(len(item.nodeid) for item in request.session.items) < 3000
