"""A prompt: who speaks in a claim, by a letter on the entities in view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.text.jumping import LETTERS
from annotator.tui.article.article_view import ArticleView
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.prompts import Done

_NOBODY = "0"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Speaking:
    """What is asked: the claim's source in words, where it is, the entities that can speak in text
    order, the present speaker and its name."""

    source: str
    near: Span
    speakers: Sequence[Entity]
    present: Entity | None
    name: str


class PickSpeaker:
    """Draws letters over the entities in view that can speak; typing them picks one. The key that
    opened it shows the present speaker, page keys scroll to others."""

    def __init__(
        self,
        view: ArticleView,
        asked: Speaking,
        pick: Callable[[Entity | None], None],
        say: Say,
        key: str,
    ) -> None:
        self._view, self._asked, self._pick, self._say = view, asked, pick, say
        self._key, self._typed = key, ""
        self.targets: dict[str, Entity] = {}
        self._find()

    def press(self, pressed: str, _character: str | None) -> Done | None:
        match pressed:
            case "escape":
                return Done()
            case "pagedown" | "pageup":
                self._scroll(1 if pressed == "pagedown" else -1)
            case self._key if self._asked.present is not None:
                self._view.scroll_to_span(self._asked.present.span)
                self._find()
            case str() if pressed == _NOBODY:
                return Done(lambda: self._pick(None))
            case str() if len(pressed) == 1:
                return self._type(pressed)
        return None

    def insert(self, _words: str) -> bool:
        return False

    def lines(self, _width: int) -> list[BarLine]:
        asked = self._asked
        typed = f": {self._typed}…" if self._typed else ""
        told = f" who speaks, “{asked.source}”{typed}" if asked.source else f" who speaks{typed}"
        keys = f"  {_NOBODY} nobody  pgup pgdn further"
        if asked.present is not None:
            keys += f"  {self._key} shows {asked.name}"
        return [BarLine((("accent", told), ("strong", keys)), (("muted", "esc closes "),))]

    def close(self) -> None:
        self._view.clear_hints()

    def _type(self, letter: str) -> Done | None:
        typed = self._typed + letter
        left = {letters: one for letters, one in self.targets.items() if letters.startswith(typed)}
        if typed in left:
            return Done(lambda: self._pick(left[typed]))
        if left:
            self._typed = typed
            self._show(left.items())
        else:
            self._say(f"Nobody has the letter {typed}; esc closes.")
        return None

    def _scroll(self, pages: int) -> None:
        view = self._view
        top = view.scroll_offset.y + pages * view.page_size
        view.scroll_to(y=max(0, top), animate=False, force=True, immediate=True)
        self._find()

    def _find(self) -> None:
        """Give letters to the entities in view, the nearest to the source first."""
        near, seen = self._asked.near, self._view.visible_range()
        starts = {
            one.span.start: one
            for one in self._asked.speakers
            if seen.start <= one.span.start < seen.end
        }
        nearest = sorted(starts.values(), key=lambda one: abs(one.span.start - near.start))
        size = 1 if len(nearest) <= len(LETTERS) else 2
        letters = ("".join(each) for each in product(LETTERS, repeat=size))
        self._typed, self.targets = "", dict(zip(letters, nearest, strict=False))
        self._show(self.targets.items())

    def _show(self, targets: Iterable[tuple[str, Entity]]) -> None:
        self._view.show_hints({one.span.start: letters for letters, one in targets})
