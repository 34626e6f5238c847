"""The parts of help, line by line: tasks, labels, guidelines, names of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from annotator.core.guidelines import Emphasis, Guideline, inline, paragraphs
from annotator.core.labels import LabelScheme
from annotator.tui.keys import Key, KeyMap, Mode, show_key
from annotator.tui.screens.guideline_lines import lines_of
from annotator.tui.screens.help_tasks import how_a_review_goes, tasks
from annotator.tui.screens.letter_menus import attribute_menu, junk_menu
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.letter_menu import LetterMenu
from annotator.tui.widgets.wrapping import wrapped

_KEY, _LABEL, _ACTION = 14, 18, 26
_COLUMN = 52
"""The narrowest column of keys."""
_PROSE = 100
"""The widest paragraph."""
_IN_ARTICLE = "In an article: "
_FURTHER = {
    Mode.QUEUE: (
        *((Mode.REVIEW, _IN_ARTICLE), (Mode.HISTORY, _IN_ARTICLE)),
        *((Mode.STATISTICS, ""), (Mode.FIGURES, ""), (Mode.FINDINGS, ""), (Mode.PROBLEMS, "")),
        (Mode.IDENTITIES, ""),
    ),
    Mode.REVIEW: ((Mode.HISTORY, ""), (Mode.EARLIER, ""), (Mode.IDENTITIES, "")),
}
"""What else help tells on a screen, with words before the titles: screens that are opened from it
and have no help of their own."""


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """Something that help tells: the words that it is found by, and its lines in a width."""

    words: str
    lines: Callable[[int], list[BarLine]]
    prose: bool = False

    def holds(self, wanted: Iterable[str]) -> bool:
        """Whether it has all these words, or words that start like them."""
        told = self.words.casefold()
        return all(word in told for word in wanted)


@dataclass(frozen=True, slots=True)
class HelpPart:
    """A part of help. Entries that are not prose stand in columns where there is space."""

    title: str
    entries: tuple[HelpEntry, ...]


@dataclass(frozen=True)
class HelpPages:
    """All parts of the help of a screen."""

    keymap: KeyMap
    mode: Mode
    scheme: LabelScheme
    guidelines: str

    def parts(self) -> tuple[HelpPart, ...]:
        """The parts, those of the screen itself first."""
        return (
            HelpPart("How a review goes", tuple(map(_prose, how_a_review_goes(self.keymap)))),
            *_parts_of_keys(self.keymap, self.mode),
            *(
                part
                for mode, before in _FURTHER.get(self.mode, ())
                for part in _parts_of_keys(self.keymap, mode, before)
            ),
            HelpPart("Labels", tuple(self._labels())),
            HelpPart("Attributes of a claim", tuple(_of_menu("attributes", self.keymap))),
            HelpPart("Kinds of junk", tuple(_of_menu("junk", self.keymap))),
            HelpPart("Guidelines", tuple(_guidelines(self.guidelines, self.scheme))),
            HelpPart("Names of actions, for [keys] in annotator.toml", tuple(self._names())),
        )

    def _labels(self) -> Iterator[HelpEntry]:
        digits = "1234567890"
        for place, label in enumerate(self.scheme):
            keys = [self.keymap.first(f"label_{digits[place]}")] if place < len(digits) else []
            keys.append(f"{self.keymap.first('label')} {label.key}")
            head: list[Piece] = [("key", f"  {'  '.join(filter(None, keys)):<8}")]
            head.append((f"label:{label.name}", f"{label.name:<{_LABEL - 2}}"))
            yield _entry(head, label.meaning, f"{label.name} {label.meaning}")

    def _names(self) -> Iterator[HelpEntry]:
        own = {self.mode, *(mode for mode, before in _FURTHER.get(self.mode, ()) if not before)}
        for key in self.keymap.keys:
            if key.mode in own:
                shown = " ".join(map(show_key, key.keys)) or "no key"
                head: list[Piece] = [("accent", f"  {key.action:<{_ACTION}}")]
                yield _entry(head, shown, f"{key.action} {shown} {key.does}")


def _guidelines(markdown: str, scheme: LabelScheme) -> Iterator[HelpEntry]:
    named, in_list = frozenset(scheme.by_name), True
    for one in paragraphs(markdown):
        apart = bool(one.level) or not (one.bullet and in_list)
        in_list = one.bullet
        yield HelpEntry(one.text, partial(_of_paragraph, one, named, apart), prose=True)


def _of_paragraph(one: Guideline, labels: frozenset[str], apart: bool, width: int) -> list[BarLine]:
    return [*([BarLine()] if apart else ()), *lines_of(one, width, labels)]


def _parts_of_keys(keymap: KeyMap, mode: Mode, before: str = "") -> Iterator[HelpPart]:
    for title, keys in tasks(keymap, mode):
        yield HelpPart(f"{before}{title}", tuple(_keys(keys)))


def _keys(keys: Sequence[Key]) -> Iterator[HelpEntry]:
    digits = [key for key in keys if key.action.rpartition("label_")[2].isdigit()]
    for key in keys:
        if key in digits[1:]:
            continue
        several = digits if key in digits else [key]
        shown = " ".join(show_key(pressed) for one in several for pressed in one.keys)
        shown = "1 … 9 0" if shown == "1 2 3 4 5 6 7 8 9 0" else shown or "no key"
        does = "the first ten labels: relabels, or marks" if key in digits else key.does
        head: list[Piece] = [("key", f"  {f'{shown} ':<{_KEY}}")]
        yield _entry(head, does, f"{shown} {does} {key.action.replace('_', ' ')}")


def _of_menu(name: str, keymap: KeyMap) -> Iterator[HelpEntry]:
    """Every letter of a menu, and its meaning."""
    menu: LetterMenu[object] = (
        attribute_menu(title="") if name == "attributes" else junk_menu(title="")
    )
    key = keymap.first(name)
    for head, choices in menu.rows:
        for choice in choices:
            words = f"{head:<13} {choice.words}".strip()
            yield _entry([("key", f"  {f'{key} {choice.letter}':<{_KEY}}")], words, words)


def _entry(head: list[Piece], told: str, words: str) -> HelpEntry:
    indent = " " * sum(width_of(text) for _, text, *_ in head)
    return HelpEntry(
        words,
        lambda width: wrapped([("normal", told)], width, first=head, further=indent),
    )


def _prose(markdown: str) -> HelpEntry:
    pieces = [
        ("key" if how is Emphasis.CODE else "normal", words) for how, words in inline(markdown)
    ]
    return HelpEntry(
        "".join(words for _, words in pieces),
        lambda width: wrapped(pieces, width, first=(("muted", "  • "),), further="    "),
        prose=True,
    )


@dataclass(frozen=True, slots=True)
class HelpLines:
    """The lines of help, and at which of them its parts begin."""

    lines: tuple[BarLine, ...]
    begins: dict[str, int]

    def line_of(self, heading: str) -> int | None:
        """The line that holds these words alone; None if none does."""
        told = ("".join(words for _, words, *_ in line.left).strip() for line in self.lines)
        return next((place for place, words in enumerate(told) if words == heading), None)


def laid_out(parts: Iterable[HelpPart], width: int, typed: str = "") -> HelpLines:
    """The parts in lines of a width; only entries that hold the typed words, in one column."""
    wanted = typed.casefold().split()
    lines: list[BarLine] = []
    begins: dict[str, int] = {}
    for part in parts:
        of_title = bool(wanted) and all(word in part.title.casefold() for word in wanted)
        entries = [one for one in part.entries if of_title or one.holds(wanted)]
        if entries:
            begins[part.title] = len(lines)
            lines += wrapped([("accent", part.title)], width)
            lines += _prose_lines(entries, width)
            lines += _in_columns([one for one in entries if not one.prose], width)
            lines.append(BarLine())
    return HelpLines(tuple(lines), begins)


def _prose_lines(entries: Iterable[HelpEntry], width: int) -> Iterator[BarLine]:
    for one in entries:
        if one.prose:
            yield from one.lines(min(width, _PROSE))


def _in_columns(entries: Sequence[HelpEntry], width: int) -> list[BarLine]:
    """Entries in as many columns as there is space for, one below the other."""
    count = min(max(1, width // _COLUMN), 3, max(1, len(entries) // 3))
    column = width // count
    drawn = [one.lines(column - 2) for one in entries]
    height = -(-sum(map(len, drawn)) // count)
    columns: list[list[BarLine]] = [[]]
    for lines in drawn:
        if columns[-1] and len(columns[-1]) + len(lines) > height and len(columns) < count:
            columns.append([])
        columns[-1] += lines
    rows = range(max(map(len, columns), default=0))
    return [
        _joined([one[row] if row < len(one) else BarLine() for one in columns], column)
        for row in rows
    ]


def _joined(cells: Sequence[BarLine], column: int) -> BarLine:
    pieces: list[Piece] = []
    for cell in cells:
        used = sum(width_of(words) for _, words, *_ in cell.left)
        pieces += [*cell.left, ("normal", " " * max(0, column - used))]
    return BarLine(tuple(pieces[:-1]))
