"""Weapons, vehicles, ships and operations, recognised by the structure of their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.designations import designated, label_of_designation


def told(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return [(" ".join(words[start:end]), label) for start, end, label in designated(words)]


@pytest.mark.parametrize(
    ("label", "names"),
    [
        (
            "WEAPON",
            "S-400 S-300PMU2 Kh-101 M4A1 M16A4 AK-74 AK-103 BM-21 TOS-1A RPG-29 AGM-65 AIM-120D",
        ),
        (
            "WEAPON",
            "ATACMS HIMARS 9M729 9K720 GBU-39 DF-21D Fateh-110 Hwasong-15 Fajr-5 SA-17 Mk-84",
        ),
        ("WEAPON", "S‑400 S–400 MANPADS VBIED VBIEDs M777 2S19 FGM-148 SM-3 PAC-3"),
        (
            "VEHICLE",
            "F-16 F-16s F-35B Su-35 Su-24M MiG-29 Tu-95MS Mi-24 Ka-52 T-72 T-72B3 T-90M BMP-2",
        ),
        (
            "VEHICLE",
            "BTR-80 MQ-9 RQ-4 TB2 Shahed-136 Geran-2 Mohajer-6 J-20 JF-17 UH-60 CH-47 C-130 B-52",
        ),
        ("VEHICLE", "M1A2 M113 A-10 V-22 WZ-10 Orlan-10 Leopard-2 BRDM-2 P-8A KC-135"),
    ],
)
def test_letters_and_a_number_name_a_weapon_or_a_vehicle(label: str, names: str) -> None:
    assert {name: label_of_designation(name) for name in names.split()} == dict.fromkeys(
        names.split(), label
    )


@pytest.mark.parametrize(
    "word",
    [
        "G-20",
        "COVID-19",
        "H-1B",
        "I-95",
        "R-22",
        "B-12",
        "K-12",
        "Q4",
        "F1",
        "U-21",
        "T-20",
        "A4",
        "CO-2",
        "P-5",
        "19-year-old",
        "mid-1990s",
        "J-1",
        "H-4",
        "2019-20",
        "Al-Tanf",
        "F-word",
    ],
)
def test_other_words_with_numbers_name_neither(word: str) -> None:
    assert label_of_designation(word) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The USS Carney sailed", [("USS Carney", "VEHICLE")]),
        ("The USS Dwight D. Eisenhower sailed", [("USS Dwight D. Eisenhower", "VEHICLE")]),
        ("The HMS Prince of Wales sailed", [("HMS Prince of Wales", "VEHICLE")]),
        ("the INS Vikrant and the MV Rena", [("INS Vikrant", "VEHICLE"), ("MV Rena", "VEHICLE")]),
        ("HMS Queen Elizabeth left on Monday", [("HMS Queen Elizabeth", "VEHICLE")]),
        ("The USS Carney Monday shot", [("USS Carney", "VEHICLE")]),
        ("the MQ-9 Reaper and BM-21 Grad", [("MQ-9 Reaper", "VEHICLE"), ("BM-21 Grad", "WEAPON")]),
        (
            "an Iskander - M and a Pantsir - S1",
            [("Iskander - M", "WEAPON"), ("Pantsir - S1", "WEAPON")],
        ),
        ("Operation Olive Branch began", [("Operation Olive Branch", "EVENT")]),
        ("Resolution 2254 of December", [("Resolution 2254", "LAW")]),
        ("on the M4 motorway near", [("M4 motorway", "FAC")]),
        ("An INS agent and the SS men", []),
        ("INS Commissioner Jon Berg", []),
        ("HMS is a prefix", []),
        ("Operation of the bridge", []),
        ("Resolution of the crisis", []),
    ],
)
def test_names_of_several_words_are_recognised_by_the_first(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert told(text) == expected


@given(st.lists(st.sampled_from(["USS", "Carney", "of", "T-72", "-", "M", "S-400", "Grad", "the"])))
def test_designations_are_in_order_without_overlap(words: list[str]) -> None:
    last = 0
    for start, end, _ in designated(words):
        assert last <= start < end <= len(words)
        last = end
