"""The parts that work on one article, combined, and the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from annotator.core.edits import Edge, PartName
from annotator.core.records.fields import AttributeValue
from annotator.tui.app_setup import AppSetup
from annotator.tui.review.accepting import Accepting
from annotator.tui.review.article_actions import ArticleActions, Neighbours
from annotator.tui.review.caret import Caret
from annotator.tui.review.claim_actions import ClaimActions, EdgeActions
from annotator.tui.review.decider import Decider
from annotator.tui.review.finding import Finding
from annotator.tui.review.identity_actions import IdentityActions
from annotator.tui.review.item_actions import ItemActions
from annotator.tui.review.listing_actions import ListingActions
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.questions import Questions
from annotator.tui.review.repeats import Again
from annotator.tui.review.speaker_actions import SpeakerActions
from annotator.tui.review.state import ReviewState


class Workbench:
    """The parts for one article; made anew for each."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        setup: AppSetup,
        questions: Questions,
        articles: Neighbours,
    ) -> None:
        self.state, self.page, self.setup = state, page, setup
        self.questions = questions
        self.actions: Mapping[str, Action] = ACTIONS
        """The action table; another screen may add its own actions."""
        self.navigation = Navigation(state, page)
        self.decider = Decider(state, page, self.navigation, questions)
        self.caret = Caret(state, page, self.navigation)
        self.listing = ListingActions(state, page, self.navigation, setup.config.scheme)
        self.items = ItemActions(state, page, self.navigation, self.decider, setup)
        self.identities = IdentityActions(state, page, self.navigation, self.decider, setup)
        self.edges = EdgeActions(state, page, self.navigation, self.caret, self.decider)
        self.finding = Finding(state, page, self.navigation, self.caret, self.edges)
        self.claims = ClaimActions(state, page, self.navigation, self.caret, self.decider)
        self.speaking = SpeakerActions(state, page, self.decider)
        self.article = ArticleActions(state, page, self.navigation, self.decider, articles)
        self.accepting = Accepting(page, self.navigation, self.decider, self.listing, self.article)
        page.view.lines.tell_range(state.sight.show)

    def act(self, action: str) -> None:
        """Run one action."""
        state = self.state
        state.begin(action)
        jumped = state.jumped
        self.actions[action](self)
        if state.jumped is jumped:
            state.jumped = None


Action: TypeAlias = Callable[[Workbench], None]


def _label(digit: str) -> Action:
    return lambda on: on.items.label_by_digit(digit)


def _claim(on: Workbench) -> None:
    on.claims.claim(on.setup.clock.new_id())


def _note(on: Workbench) -> None:
    if not on.items.note():
        on.article.note(on.setup.clock)


def _close(on: Workbench) -> None:
    if on.page.view.selection is not None:
        on.caret.unselect()


def _unless_selected(act: Action) -> Action:
    """Refuse an action on the focused item while words are selected, with a message."""

    def refuse_or_act(on: Workbench) -> None:
        if on.page.view.selection is None:
            act(on)
        else:
            close = on.page.shown("close")
            on.page.say(f"Words are selected: {close} drops the selection, then this works.")

    return refuse_or_act


def _repeat(on: Workbench) -> None:
    repeats = on.state.habits.repeats
    match repeats.last():
        case None if repeats.is_empty:
            on.page.say("There is no decision to repeat.")
        case None:
            on.page.say("The last decision cannot be repeated.")
        case Again(chosen=str(label)):
            on.items.label(label)
        case Again(chosen=AttributeValue() as chosen):
            on.claims.set_attribute(chosen)
        case Again(action):
            on.actions[action](on)


ACTIONS: Mapping[str, Action] = {
    "accept": _unless_selected(lambda on: on.items.accept()),
    "reject": _unless_selected(lambda on: on.items.reject()),
    "leave": lambda on: on.navigation.next_open(),
    "accept_all": lambda on: on.accepting.accept_all(on.state),
    **{f"label_{digit}": _label(digit) for digit in "1234567890"},
    "label": lambda on: on.items.choose_label(),
    "same": _unless_selected(lambda on: on.items.choose_for_same()),
    "identity": _unless_selected(lambda on: on.identities.choose()),
    "same_identity": _unless_selected(lambda on: on.identities.as_before()),
    "repeat": _repeat,
    "undo": lambda on: on.article.undo(),
    "redo": lambda on: on.article.redo(),
    "next_open": lambda on: on.navigation.next_open(),
    "previous_open": lambda on: on.navigation.previous_open(),
    "next_item": lambda on: on.navigation.next_item(),
    "previous_item": lambda on: on.navigation.previous_item(),
    "next_part": lambda on: on.navigation.next_part(),
    "previous_part": lambda on: on.navigation.previous_part(),
    "jump": lambda on: on.finding.jump(on.questions),
    "search": lambda on: on.finding.search(),
    "filter": lambda on: on.listing.filter(),
    "order": lambda on: on.listing.order(),
    "unfold": lambda on: on.listing.toggle_fold(),
    "token_right": lambda on: on.caret.token(+1),
    "token_left": lambda on: on.caret.token(-1),
    "line_down": lambda on: on.caret.line(+1),
    "line_up": lambda on: on.caret.line(-1),
    "sentence_right": lambda on: on.caret.sentence(+1),
    "sentence_left": lambda on: on.caret.sentence(-1),
    "page_down": lambda on: on.caret.page(+1),
    "page_up": lambda on: on.caret.page(-1),
    "top": lambda on: on.caret.top(),
    "bottom": lambda on: on.caret.bottom(),
    "characters": lambda on: on.caret.characters(),
    "character_right": lambda on: on.caret.character(+1),
    "character_left": lambda on: on.caret.character(-1),
    "select_right": lambda on: on.caret.extend(+1),
    "select_left": lambda on: on.caret.extend(-1),
    "select_down": lambda on: on.caret.extend_line(+1),
    "select_up": lambda on: on.caret.extend_line(-1),
    "anchor": lambda on: on.caret.anchor(),
    "select_sentence": lambda on: on.caret.select_sentence(),
    "copy": lambda on: on.caret.copy(),
    "left_out": lambda on: on.edges.move(Edge.LEFT, -1),
    "left_in": lambda on: on.edges.move(Edge.LEFT, +1),
    "right_in": lambda on: on.edges.move(Edge.RIGHT, -1),
    "right_out": lambda on: on.edges.move(Edge.RIGHT, +1),
    "edges": lambda on: on.edges.take_selection(),
    "further_piece": lambda on: on.claims.further_piece(),
    "drop_part": _unless_selected(lambda on: on.claims.drop_part()),
    "claim": _claim,
    "source": lambda on: on.claims.set_part(PartName.SOURCE),
    "cue": lambda on: on.claims.set_part(PartName.CUE),
    "speaker": _unless_selected(lambda on: on.speaking.ask()),
    "no_source": _unless_selected(lambda on: on.claims.no_source()),
    "attributes": _unless_selected(lambda on: on.claims.choose_attribute()),
    "junk": lambda on: on.items.junk(),
    "note": _unless_selected(_note),
    "article_note": lambda on: on.article.note(on.setup.clock),
    "notes": lambda on: on.listing.list_notes(),
    "guideline": lambda on: on.page.lines.toggle_guideline(),
    "finish": lambda on: on.article.finish(),
    "skip": lambda on: on.article.choose_skip(),
    "reopen": lambda on: on.article.reopen(),
    "close": _close,
}
"""The action of every key; those of the screen itself are in `review_screen`."""
