"""The examples that properties are shown by default."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _default_profile() -> Iterator[None]:
    """The tests here are about it, whichever is in use."""
    used = settings.get_current_profile_name()
    settings.load_profile("annotator")
    yield
    settings.load_profile(used)


def shown() -> list[list[str]]:
    """Texts that a property is shown."""
    texts: list[list[str]] = []

    @given(st.lists(st.text(), min_size=20))
    def look(some: list[str]) -> None:
        texts.append(some)

    look()
    return texts


def test_they_do_not_depend_on_which_modules_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown()
    module = ModuleType("never_loaded_by_a_test")
    module.__file__ = str(Path(__file__).parents[2] / "docs/make_pictures.py")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert shown() == before
