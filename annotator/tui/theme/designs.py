"""What a theme consists of: its design, and a colour for each use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.tui.theme import cube
from annotator.tui.theme.contrast import LEAST_CONTRAST, Snap, as_it_is, mix, readable, rgb


class Design(StrEnum):
    """How a theme marks text, by what its terminals can show."""

    TINT = "tint"
    CUBE = "cube"
    SIXTEEN = "sixteen"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Grounds:
    """The backgrounds in a theme of 256 colours, which cannot be mixed.

    `contents` are those of claim content: in unsure claims only, in one, two, three or more claims,
    and in the focused one. An entity gets the one of `open` or `decided` nearest to its colour; if
    there are none, it has the background of its words.
    """

    contents: tuple[str, str, str, str, str]
    open: tuple[str, ...]
    decided: tuple[str, ...]
    hit: str
    focus: str
    cursor: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as `#rrggbb`; names of terminal colours in the designs without
    tints.

    `inks` are colours for labels that this theme shows for colours of a label scheme. Text has a
    contrast of at least `least`:1 to its background.
    """

    name: str
    design: Design
    dark: bool
    background: str
    panel: str
    foreground: str
    muted: str
    accent: str
    good: str
    bad: str
    info: str
    claim: str
    source: str
    selection: str
    strength: float = 1.0
    least: float = LEAST_CONTRAST
    grounds: Grounds | None = None
    inks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_tinted(self) -> bool:
        """Whether marked text has a background of its own."""
        return self.design in (Design.TINT, Design.CUBE)

    @property
    def thumb(self) -> str:
        """The colour of scroll bars in the designs without tints."""
        return "bright_black" if self.design is Design.SIXTEEN else "default"

    @property
    def snap(self) -> Snap:
        """The colour that a terminal of this theme shows for a colour."""
        return cube.shown if self.design is Design.CUBE else as_it_is

    def tone(self, name: str) -> str:
        """The colour of a tone, one of `TONES`."""
        if name in ("normal", "strong"):
            return self.foreground
        return str(getattr(self, "accent" if name == "key" else name))

    def readable(self, color: str, ground: str) -> str:
        """A colour, changed as far as needed to be readable on a background."""
        return readable(color, ground, self.least, self.snap)

    def ink(self, color: str) -> str:
        """The colour for a label to which a scheme gives this colour."""
        return self.readable(self.inks.get(color.lower(), color), self.background)

    # Backgrounds

    def content_ground(self, claims: int, *, unsure: bool, focused: bool) -> str:
        """The background of words that are content of so many claims."""
        depth = 0 if unsure else min(claims, 3)
        if self.grounds is not None:
            return self.grounds.contents[4 if focused else depth]
        weight = 0.32 if focused else 0.09 + 0.07 * depth
        return mix(self.background, self.claim, self._strength(weight))

    def entity_ground(self, color: str, below: str, *, is_open: bool) -> str:
        """The background of an entity in this colour, over the background of its words."""
        if self.grounds is not None:
            tints = self.grounds.open if is_open else self.grounds.decided
            return _nearest(color, tints) if tints else below
        return mix(below, color, self._strength(0.22 if is_open else 0.34))

    @property
    def hit_ground(self) -> str:
        """The background of what a search found."""
        if self.grounds is not None:
            return self.grounds.hit
        return mix(self.background, self.accent, self._strength(0.5))

    def focus_ground(self, color: str) -> str:
        """The background of the other parts, in this colour, of the focused item."""
        if self.grounds is not None:
            return self.grounds.focus
        return mix(self.background, color, self._strength(0.4))

    @property
    def cursor_ground(self) -> str:
        """The background of the row under the cursor."""
        if self.grounds is not None:
            return self.grounds.cursor
        return mix(self.panel, self.info, 0.22)

    def _strength(self, weight: float) -> float:
        return min(0.6, weight * self.strength)


TONES = ("normal", "strong", "muted", "accent", "key", "good", "bad", "info", "claim", "source")
"""The tones of text beside the article; `strong` ones and keys are bold."""


def _nearest(color: str, tints: tuple[str, ...]) -> str:
    """The tint nearest to a colour in hue: to white with some of the brightest colour like it."""
    brightest = max(1, *rgb(color))
    bright = "#" + "".join(f"{part * 255 // brightest:02x}" for part in rgb(color))
    wanted = rgb(mix("#ffffff", bright, 0.3))

    def apart(tint: str) -> int:
        return sum((one - other) ** 2 for one, other in zip(wanted, rgb(tint), strict=True))

    return min(tints, key=apart)
