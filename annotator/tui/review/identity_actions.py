"""Keys that tie an entity, or the speaker of a claim, with all of its form to the identity that it
names."""

from __future__ import annotations

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity
from annotator.core.decisions import Change
from annotator.core.review import Status
from annotator.core.reviewing.identity_commands import (
    NamesInReview,
    equal_forms,
    new_identity,
    tie_all,
)
from annotator.core.reviewing.wording import shortened
from annotator.core.speakers import speaker_of
from annotator.tui.app_setup import AppSetup
from annotator.tui.review.decider import Decider
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.state import ReviewState
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, MenuLine, menu_of

_LETTERS = "abcdefghij"
_NEW, _NOBODY = "n", "x"


class IdentityActions:
    """Ties the focused entity, or the entity that speaks in the focused claim (*→ Name*)."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        decider: Decider,
        setup: AppSetup,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._decider, self._new_id = decider, setup.clock.new_id

    @property
    def _names(self) -> NamesInReview:
        return self._state.names

    def choose(self) -> None:
        """Ask whom or what the entity names."""
        entity = self._entity()
        if entity is not None:
            self._navigation.show_focus()
            self._page.open_menu(self._menu(entity), self._chosen)

    def as_before(self) -> None:
        """Tie the entity to the identity that its form was tied to before."""
        entity = self._entity()
        if entity is None:
            return
        known = self._names.known_before(entity, self._state.text)
        if known is None:
            key = self._page.shown("identity")
            self._page.say(f"Nobody is known by this name from before: {key} offers more.")
        else:
            self._chosen(known.identity)

    def _menu(self, entity: Entity) -> LetterMenu[Identity | None]:
        state = self._state
        offered = self._names.offered(entity, state.review, state.text)
        lines: list[MenuLine[Identity | None]] = [
            Choice(letter, f"{_named(one.identity)} · {one.why}", one.identity)
            for letter, one in zip(_LETTERS, offered, strict=False)
        ]
        made = new_identity(entity, state.text, new_id=self._new_id)
        lines.append(Choice(_NEW, f"new: {shortened(made.name)}", made, "good"))
        if entity.identity is not None:
            lines.append(Choice(_NOBODY, "nobody", None, "bad"))
        return menu_of("identity", self._title(entity), lines)

    def _title(self, entity: Entity) -> str:
        state = self._state
        count = len(equal_forms(state.review, entity, state.text))
        words = shortened(entity.span.of(state.text))
        now = self._names.of(entity, state.review, state.text)
        instead = f" (now → {shortened(now.name)})" if now else ""
        return f"ties {count} “{words}” to{instead}"

    def _chosen(self, identity: Identity | None) -> None:
        state, entity = self._state, self._entity()
        if entity is None:
            return
        own = equal_forms(state.review, entity, state.text)
        changes = tie_all(own, None if identity is None else identity.id)
        if identity is not None:
            self._names.add(identity)
        if changes and self._decide(*changes):
            words = shortened(entity.span.of(state.text))
            to = f"→ {shortened(identity.name)}" if identity else "→ nobody"
            undo = self._page.shown("undo")
            self._page.say(f"{len(changes)} “{words}” {to}; {undo} takes it back.")

    def _decide(self, *changes: Change) -> bool:
        """Make the decisions if the focused item is in view. The speaker of a claim need not be:
        its name stands beside the source."""
        held = self._state.held
        if held is None or not isinstance(held.item, Claim):
            return self._decider.decide(*changes)
        return self._decider.can_be_seen(held.item) and self._decider.decide(*changes, seen=True)

    def _entity(self) -> Entity | None:
        """The entity that keys tie here; shows a message if there is none."""
        found = named_here(self._state)
        if found is None and isinstance(self._state.item, Claim):
            key = self._page.shown("speaker")
            self._page.say(f"Nobody is known to speak in this claim: {key} says who does.")
        elif found is None:
            self._page.say("Focus an entity first: it is tied to whom or what it names.")
        return found


def named_here(state: ReviewState) -> Entity | None:
    """The focused entity, or the one that speaks in the focused claim; None if there is none or it
    is rejected."""
    held = state.held
    if held is None or held.status is Status.REJECTED:
        return None
    match held.item:
        case Entity():
            return held.item
        case Claim():
            return speaker_of(held.item, state.review)
    return None


def _named(identity: Identity) -> str:
    link = f" {identity.link}" if identity.link else ""
    return f"{shortened(identity.name, 30)} {identity.type}{link}".rstrip()
