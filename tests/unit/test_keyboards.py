"""Keyboards: every preset is a table of keys without conflicts; digits mean a place."""

from __future__ import annotations

from typing import get_args

import pytest

from annotator.settings import Settings
from annotator.tui.keyboards import KEYBOARDS
from annotator.tui.keys import KEYS, Mode, keymap

DIGITS = "1234567890"
EDGES = ("left_out", "left_in", "right_in", "right_out")


@pytest.mark.parametrize("name", KEYBOARDS)
def test_every_action_keeps_a_key_on_every_keyboard(name: str) -> None:
    keys = keymap(keyboard=name)
    for key in KEYS:
        assert bool(keys.of(key.action).keys) == bool(key.keys)
        for pressed in keys.of(key.action).keys:
            assert keys.action(key.mode, KEYBOARDS[name].placed(pressed)) == key.action, pressed


def test_the_setting_names_each_keyboard() -> None:
    assert set(get_args(Settings.model_fields["keyboard"].annotation)) == set(KEYBOARDS)


@pytest.mark.parametrize("name", ["qwertz", "spanish", "azerty", "azerty-be"])
def test_edges_are_single_keys_and_arrows_on_every_keyboard(name: str) -> None:
    keys = keymap(keyboard=name)
    first = [keys.of(action).keys[0] for action in EDGES]
    assert all(len(key) == 1 and key not in "[]{}" for key in first)
    assert [keys.of(action).keys[-1] for action in EDGES] == [
        "ctrl+left",
        "ctrl+right",
        "alt+shift+left",
        "alt+shift+right",
    ]


@pytest.mark.parametrize(("name", "row"), [("azerty", "&é\"'(-è_çà"), ("azerty-be", "&é\"'(§è!çà")])
def test_the_top_row_of_azerty_labels_with_shift_or_without(name: str, row: str) -> None:
    keys, layout = keymap(keyboard=name), KEYBOARDS[name]
    for typed in (row, DIGITS):
        labels = [keys.action(Mode.REVIEW, layout.placed(one)) for one in typed]
        assert labels == [f"label_{digit}" for digit in DIGITS]


def test_settings_go_before_the_keyboard() -> None:
    keys = keymap({"left_out": "f5"}, "qwertz")
    assert keys.action(Mode.REVIEW, "f5") == "left_out"
    assert keys.action(Mode.REVIEW, "ö") is None
    assert keys.action(Mode.REVIEW, "ä") == "left_in"
