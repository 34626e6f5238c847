"""The colours of labels in each theme, for the colours of the shipped label scheme.

A scheme has one colour for each label; no colour is readable on dark and on light backgrounds. In
every theme the labels that are frequent in reports of conflict (PERSON, ORG, GPE, DATE, NORP,
WEAPON, VEHICLE) are far apart for everybody, with protanopia and deuteranopia too, and differ in
lightness as far as the background allows, for those who see grey alone; the others as far as there
is room. `tests/benchmarks/colours.py` prints the distances. A colour that is not here
is used as it is, as far as it is readable.
"""

from __future__ import annotations

from collections.abc import Mapping

from annotator.tui.theme.cube import handed

# dark and contrast, light, contrast-light; and the numbers of the same three among 256 colours.
_INKS: Mapping[str, tuple[str, str, str, int, int, int]] = {
    "#56b4e9": ("#92dff4", "#41b8ff", "#5d74cc", 153, 25, 20),  # PERSON
    "#e69f00": ("#ffb519", "#351b00", "#391303", 214, 52, 52),  # ORG
    "#009e73": ("#48ffce", "#114134", "#004e30", 86, 23, 22),  # GPE
    "#cc79a7": ("#e591b8", "#290030", "#630042", 175, 53, 90),  # DATE
    "#f0e442": ("#ffffa4", "#2e4e00", "#2b4100", 228, 58, 236),  # NORP
    "#44aa99": ("#00e0ad", "#00705c", "#0a3d33", 37, 24, 23),  # LOC
    "#b07aa1": ("#ff66cc", "#5c005c", "#471452", 206, 55, 55),  # FAC
    "#d55e00": ("#e07a5c", "#7a470a", "#a30000", 173, 88, 88),  # EVENT
    "#8fbc4f": ("#a3cc85", "#335229", "#335c33", 190, 22, 239),  # MONEY
    "#9aa5b1": ("#cce0e0", "#2947a3", "#143d7a", 231, 239, 237),  # CARDINAL
    "#e88bc4": ("#d6b8d6", "#cc0070", "#a30a52", 181, 126, 89),  # TIME
    "#b5bd61": ("#ebcc33", "#7a6633", "#52471f", 185, 94, 235),  # PERCENT
    "#7fa8a8": ("#66a3a3", "#477070", "#145c66", 152, 60, 18),  # QUANTITY
    "#b8b0a8": ("#b8c2c2", "#3d3329", "#524752", 223, 241, 239),  # ORDINAL
    "#a58ae0": ("#ad99d6", "#525cd6", "#1f47b8", 182, 57, 19),  # WORK_OF_ART
    "#c49c6c": ("#ffa366", "#47331f", "#47331f", 215, 95, 53),  # LAW
    "#86c5da": ("#b8ebff", "#297085", "#29528f", 123, 26, 20),  # LANGUAGE
    "#d98c5f": ("#f5c2b8", "#853d3d", "#8f3333", 179, 124, 88),  # PRODUCT
    "#ee6677": ("#ff4a51", "#c1205c", "#320013", 203, 125, 125),  # WEAPON
    "#6fa8ff": ("#83bafc", "#031492", "#110a87", 75, 20, 17),  # VEHICLE
}
DARK_INKS = {color: inks[0] for color, inks in _INKS.items()}
LIGHT_INKS = {color: inks[1] for color, inks in _INKS.items()}
CONTRAST_LIGHT_INKS = {color: inks[2] for color, inks in _INKS.items()}
DARK_256_INKS = {color: handed(inks[3]) for color, inks in _INKS.items()}
LIGHT_256_INKS = {color: handed(inks[4]) for color, inks in _INKS.items()}
CONTRAST_LIGHT_256_INKS = {color: handed(inks[5]) for color, inks in _INKS.items()}

# Among the sixteen colours of a dark terminal; its dark red and its blues are too dark.
SIXTEEN_INKS: Mapping[str, str] = {
    "#56b4e9": "bright_cyan",  # PERSON
    "#e69f00": "yellow",  # ORG
    "#009e73": "bright_green",  # GPE
    "#cc79a7": "bright_magenta",  # DATE
    "#f0e442": "bright_yellow",  # NORP
    "#44aa99": "green",  # LOC
    "#b07aa1": "bright_magenta",  # FAC
    "#d55e00": "bright_red",  # EVENT
    "#8fbc4f": "green",  # MONEY
    "#9aa5b1": "default",  # CARDINAL
    "#e88bc4": "bright_magenta",  # TIME
    "#b5bd61": "yellow",  # PERCENT
    "#7fa8a8": "cyan",  # QUANTITY
    "#b8b0a8": "default",  # ORDINAL
    "#a58ae0": "bright_magenta",  # WORK_OF_ART
    "#c49c6c": "yellow",  # LAW
    "#86c5da": "bright_cyan",  # LANGUAGE
    "#d98c5f": "yellow",  # PRODUCT
    "#ee6677": "bright_red",  # WEAPON
    "#6fa8ff": "cyan",  # VEHICLE
}
