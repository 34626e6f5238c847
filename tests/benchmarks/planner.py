"""A simulated reviewer who knows the gold and works towards it in the real review screen, greedily.

The planner looks at the review, picks the nearest difference from the gold, presses keys until it
is gone, and looks again. It only uses keys of the default map, and knows only the screen and the
gold.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span, Spans
from annotator.core.claims.claim_heuristics import propose_claim
from annotator.core.edits import (
    Part,
    PartName,
    at_lines,
    occurrences,
    parts_of,
    pieces,
    same_surface,
)
from annotator.tui.screens.letter_menus import attribute_menu
from annotator.tui.widgets.letter_menu import Choice, MenuPrompt
from tests.benchmarks.simulated_keys import ATTRIBUTES, FAR, PARTS, SimulatedKeys

_MOST_TASKS = 600
_TRIES = 2


@dataclass
class Planner(SimulatedKeys):
    """Works one open article."""

    given_up: list[Item] = field(default_factory=list)

    def differences(self) -> tuple[list[Item], list[Item]]:
        """What stands and should not, and what should stand and does not."""
        there = [item for item in self.review.items if not self._is_hidden(item)]
        wanted = Counter(self.gold.key(item) for item in self.gold.items())
        wrong = []
        for item in there:
            key = self.gold.key(item)
            if wanted[key]:
                wanted[key] -= 1
            else:
                wrong.append(item)
        missing = []
        for item in self.gold.items():
            key = self.gold.key(item)
            if wanted[key]:
                wanted[key] -= 1
                missing.append(item)
        return wrong, missing

    async def work(self) -> bool:
        """Makes the review equal to the gold and accepts it; whether it came out equal."""
        equal = await self.mend()
        await self.press("A")
        if self.screen.takes_keys and not self.review.finished:
            await self.press("A")
        return equal

    async def mend(self) -> bool:
        """Makes the review equal to the gold, open items included; whether it came out equal."""
        known = {label.name for label in self.screen.setup.config.scheme}
        self.given_up += [e for e in self.gold.record.entities if e.label not in known]
        tries: Counter[tuple[object, ...]] = Counter()
        for _ in range(_MOST_TASKS):
            wrong, missing = self.differences()
            missing = [item for item in missing if item not in self.given_up]
            if not wrong and not missing:
                break
            item = self._nearest(wrong, missing)
            tries[self.gold.key(item)] += 1
            if tries[self.gold.key(item)] <= _TRIES:
                await self._take(item, missing)
            elif item in wrong:
                await self.focus(item.id)
                await self.press("x")
            else:
                self.given_up.append(item)
        return self.differences() == ([], [])

    def _is_hidden(self, item: Item) -> bool:
        return self.state.listed.fold.hides(item)

    def _nearest(self, wrong: list[Item], missing: list[Item]) -> Item:
        """The next thing to do in reading order, from the sentence of the caret on and round the
        end; the wrong before the missing."""
        sentence = self.gold.words.sentence_at(self.view.caret)
        here = sentence.start if sentence else self.view.caret
        todo = [(item.span.start, n, item) for n, item in enumerate((*wrong, *missing))]
        ahead = [task for task in todo if task[0] >= here]
        # A missing item that a wrong one can become is done with that one.
        return min(ahead or todo, key=lambda task: (task[0], task[1]))[2]

    async def _take(self, item: Item, missing: list[Item]) -> None:
        if item.id in self.review.held and self.review.held[item.id].item == item:
            partner = self._partner(item, missing)
            await self.focus(item.id)
            if partner is None:
                await self._reject(item)
            else:
                await self._mend(item, partner)
            return
        await self._add(item)

    # Doing

    async def _reject(self, item: Item) -> None:
        others = [o for o in same_surface(item, self.review.items, self.text) if self._is_wrong(o)]
        all_alike = same_surface(item, self.review.items, self.text)
        if len(others) >= 2 and len(others) == len(all_alike):
            await self.press("*", "x")
        else:
            await self.press("x")

    def _is_wrong(self, item: Item) -> bool:
        return any(item.id == other.id for other in self.differences()[0])

    def _partner(self, item: Item, missing: list[Item]) -> Item | None:
        """The missing item that this one is best made into, where that costs less than anew."""
        costs = [
            (self._cost(item, other), n, other)
            for n, other in enumerate(missing)
            if type(other) is type(item) and _touch(item, other)
        ]
        cost, _, best = min(costs, default=(FAR, 0, item), key=lambda entry: entry[:2])
        # Rejecting is one key; a jump and a letter or two make it anew.
        anew = 9 if isinstance(item, Claim) else 5
        return best if cost <= anew else None

    def _cost(self, item: Item, other: Item) -> int:
        if isinstance(item, Claim) and isinstance(other, Claim):
            return self._claim_cost(item, other)
        label = getattr(item, "label", None) != getattr(other, "label", None)
        return self._edge_steps(item.span, other.span) + int(label)

    def _claim_cost(self, claim: Claim, wanted: Claim) -> int:
        cost = 2 * sum(bool(getattr(claim, one) != getattr(wanted, one)) for one in ATTRIBUTES)
        for name in PARTS:
            if self.gold.tokens(pieces(claim, name)) == self.gold.tokens(pieces(wanted, name)):
                continue
            one, other = pieces(claim, name), pieces(wanted, name)
            if name is PartName.CONTENT and len(one) == len(other) == 1:
                cost += self._edge_steps(one[0], other[0])
            elif name is PartName.CONTENT:
                cost += 2 * len(one) + 8 * len(other)
            else:
                cost += 3
        return cost

    def _edge_steps(self, one: Span, other: Span) -> int:
        """How many tokens lie between the edges of two spans."""
        steps = 0
        for start, end in ((one.start, other.start), (one.end, other.end)):
            if start != end:
                between = Span(min(start, end), max(start, end))
                steps += max(1, len(self.gold.words.tokens_in(between)))
        return steps

    async def _mend(self, item: Item, wanted: Item) -> None:
        """Turns the item in focus into the wanted one."""
        if isinstance(item, Claim) and isinstance(wanted, Claim):
            await self._mend_claim(item.id, wanted)
            return
        await self._move_edges(item.id, wanted.span)
        if isinstance(item, Entity) and isinstance(wanted, Entity) and item.label != wanted.label:
            await self._label(item, wanted.label)

    async def _label(self, item: Entity, label: str) -> None:
        """Gives the entity in focus a label, and every equal string with it where that is right."""
        if item.span != self.review.held[item.id].item.span:
            await self.press(*self._label_keys(label))
            return
        gold = {self.gold.key(one) for one in self.gold.items()}
        others = same_surface(item, self.review.items, self.text)
        spans = occurrences(item, self.review.items, self.gold.words)
        fitting = all(("entity", one.span, label) in gold for one in others)
        fitting = fitting and all(("entity", span, label) in gold for span in spans)
        gain = sum(self._is_wrong(other) for other in others) + 4 * len(spans)
        await self.press(*(["*"] if fitting and gain else []), *self._label_keys(label))

    def _label_keys(self, label: str) -> list[str]:
        names = [one.name for one in self.screen.setup.config.scheme]
        place = names.index(label)
        if place < 10:
            return ["1234567890"[place]]
        return ["l", self.screen.setup.config.scheme.by_name[label].key]

    async def _move_edges(self, id: str, span: Span) -> None:
        """Moves the edges of the item (or part) in focus by token, at the end by character."""
        for characters in (False, True):
            if characters:
                if self._span_in_focus(id) == span:
                    return
                await self.press(",")
            for _ in range(40):
                here = self._span_in_focus(id)
                if here == span:
                    break
                key = _edge_key(here, span)
                await self.press(key)
                if not characters and _overshot(here, self._span_in_focus(id), span):
                    break
                if self._span_in_focus(id) == here:
                    break
        await self.press(",")

    def _span_in_focus(self, id: str) -> Span:
        item = self.review.held[id].item
        return item.content[0] if isinstance(item, Claim) else item.span

    async def _add(self, item: Item) -> None:
        match item:
            case Entity():
                await self._add_entity(item)
            case Junk():
                await self._add_junk(item)
            case Claim():
                await self._add_claim(item)

    async def _add_entity(self, wanted: Entity) -> None:
        await self.select(wanted.span)
        chosen = self.view.selection
        await self.press(*self._label_keys(wanted.label))
        made = self.state.item
        if chosen is None or not isinstance(made, Entity):
            return
        if made.span != wanted.span:
            await self._move_edges(made.id, wanted.span)
        gold = {self.gold.key(one) for one in self.gold.items()}
        spans = occurrences(made, self.review.items, self.gold.words)
        others = same_surface(made, self.review.items, self.text)
        fitting = all(("entity", span, wanted.label) in gold for span in spans)
        fitting = fitting and all(("entity", one.span, wanted.label) in gold for one in others)
        if fitting and spans and self.state.focus.id == made.id:
            await self.press("*", "*")

    async def _add_junk(self, wanted: Junk) -> None:
        """Marks a line, and those below it that are missing as well."""
        lines = [wanted, *self._junk_below(wanted)]
        tokens = self.gold.words.tokens_in(wanted.span)
        word = next((t for t in tokens if t.of(self.text)[0].isalnum()), tokens[0])
        if not await self.jump(word.start):
            await self.see(word.start)
            while self.view.caret < wanted.span.start:
                await self.press("j")
        for _ in range(60):
            chosen = self.view.selection
            if len(lines) == 1 or (chosen is not None and chosen.end > lines[-1].span.start):
                break
            await self.press("J")
        await self.press("-")

    def _junk_below(self, wanted: Junk) -> list[Junk]:
        _, missing = self.differences()
        lines = sorted(
            (i for i in missing if isinstance(i, Junk) and i.span.start >= wanted.span.start),
            key=lambda item: item.span,
        )
        run = []
        for one, other in pairwise(lines):
            if self.text[one.span.end : other.span.start].strip():
                break
            run.append(other)
        return run

    # Claims

    async def _add_claim(self, wanted: Claim) -> None:
        tokens = [t for piece in wanted.content for t in self.gold.words.tokens_in(piece)]
        tokens = [t for t in tokens if t.of(self.text)[0].isalnum()]
        costs = []
        for n, token in enumerate(tokens[:40]):
            proposed = propose_claim(self.gold.words, id="probe", caret=token.start)
            if proposed is not None:
                costs.append((self._claim_cost(proposed, wanted), n, token))
        cost, _, token = min(costs, default=(FAR, 0, tokens[0]))
        if cost <= 12:
            await self.jump(token.start)
        else:
            await self.select(wanted.content[0])
        await self.press("c")
        made = self.state.item
        if isinstance(made, Claim):
            await self._mend_claim(made.id, wanted)

    async def _mend_claim(self, id: str, wanted: Claim) -> None:
        await self._mend_content(id, wanted)
        for name, key in ((PartName.CUE, "r"), (PartName.SOURCE, "s")):
            if not self._same_part(id, wanted, name):
                await self._mend_part(id, name, key, pieces(wanted, name))
        letters = {
            (choice.value.attribute.name, choice.value.value): letter
            for letter, choice in _LETTERS.items()
            if isinstance(choice, Choice)
        }
        for attribute in ATTRIBUTES:
            claim = self._claim(id)
            value = getattr(wanted, attribute)
            if claim is not None and getattr(claim, attribute) != value:
                await self.focus(id)
                await self.press("t", letters[attribute, value])

    def _claim(self, id: str) -> Claim | None:
        held = self.review.held.get(id)
        return held.item if held and isinstance(held.item, Claim) else None

    def _same_part(self, id: str, wanted: Claim, name: PartName) -> bool:
        claim = self._claim(id)
        return claim is not None and self.gold.tokens(pieces(claim, name)) == self.gold.tokens(
            pieces(wanted, name)
        )

    async def _mend_content(self, id: str, wanted: Claim) -> None:
        claim = self._claim(id)
        if claim is None or self._same_part(id, wanted, PartName.CONTENT):
            return
        first, *more = (p for piece in wanted.content for p in at_lines(piece, self.text))
        while len(claim.content) > 1:
            await self._focus_part(id, PartName.CONTENT, len(claim.content) - 1)
            await self.press("d")
            claim = self._claim(id) or claim
        await self.focus(id)
        await self._move_content_edges(id, first)
        for piece in more:
            await self.focus(id)
            if await self.select(piece):
                await self.press("+")

    async def _move_content_edges(self, id: str, wanted: Span) -> None:
        """Moves the content's edges until its words are the wanted ones."""
        for _ in range(30):
            claim = self._claim(id)
            if claim is None or self.gold.tokens(claim.content) == self.gold.tokens((wanted,)):
                return
            await self.press(_edge_key(claim.content[0], wanted))
            after = self._claim(id)
            if after is None or after.content == claim.content:
                return

    async def _focus_part(self, id: str, name: PartName, place: int) -> None:
        await self.focus(id)
        wanted = Part(name, place)
        for _ in range(12):
            part, claim = self.state.focus.part, self._claim(id)
            if part == wanted or claim is None:
                return
            parts = parts_of(claim)
            is_past = part in parts and wanted in parts and parts.index(part) > parts.index(wanted)
            await self.press("shift+tab" if is_past else "tab")

    async def _mend_part(self, id: str, name: PartName, key: str, wanted: Spans) -> None:
        await self.focus(id)
        if not self.gold.tokens(wanted):
            if name is PartName.SOURCE:
                await self.press("S")
                return
            claim = self._claim(id)
            while claim is not None and pieces(claim, name):
                await self._focus_part(id, name, len(pieces(claim, name)) - 1)
                await self.press("d")
                claim = self._claim(id)
            return
        claim = self._claim(id)
        assert claim is not None
        likely = [self._tokens_of(span) for span in self.bench.claims.likely(claim, name)]
        if len(wanted) == 1 and self._tokens_of(wanted[0]) in likely:
            await self.press(key)
            prompt = self.screen.page.prompts.current
            assert isinstance(prompt, MenuPrompt)
            letters = list(prompt.menu.by_letter)
            await self.press(letters[likely.index(self._tokens_of(wanted[0]))])
            return
        if await self.select(wanted[0]):
            await self.press(key)
        for piece in wanted[1:]:
            await self._focus_part(id, name, 0)
            if await self.select(piece):
                await self.press("+")

    def _tokens_of(self, span: Span) -> tuple[int, ...]:
        return self.gold.tokens((span,))


_LETTERS = attribute_menu(title="").by_letter


def _touch(one: Item, other: Item) -> bool:
    if isinstance(one, Claim) and isinstance(other, Claim):
        return any(a.overlaps(b) for a in one.content for b in other.content)
    return one.span.overlaps(other.span)


def _edge_key(here: Span, wanted: Span) -> str:
    if here.start != wanted.start:
        return "[" if here.start > wanted.start else "]"
    return "}" if here.end < wanted.end else "{"


def _overshot(before: Span, after: Span, wanted: Span) -> bool:
    """Whether a step went past the wanted edge, so that only characters can help."""
    left = (before.start - wanted.start) * (after.start - wanted.start) < 0
    return left or (before.end - wanted.end) * (after.end - wanted.end) < 0
