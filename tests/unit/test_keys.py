"""The table of keys: no collisions, every action handled, every key rebindable."""

from __future__ import annotations

import pytest

from annotator.core.annotations import JunkKind
from annotator.errors import SettingsError
from annotator.tui.adjudicating.adjudication_actions import AdjudicationActions
from annotator.tui.agreement import figure_keys
from annotator.tui.identities import identities_screen
from annotator.tui.identities.identity_deeds import DEEDS
from annotator.tui.keys import KEYS, SECTIONS, Key, Mode, keymap, pressed_key
from annotator.tui.lint import lint_screen
from annotator.tui.queue import rejected_screen
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.queue_actions import QueueActions
from annotator.tui.queue.queue_doors import QueueDoors
from annotator.tui.queue.queue_menus import outlet_menu, queue_filter_menu, queue_order_menu
from annotator.tui.review import history_screen
from annotator.tui.review.actions import ACTIONS
from annotator.tui.review.review_menus import item_filter_menu, same_menu, skip_menu
from annotator.tui.review.review_screen import SCREEN_ACTIONS
from annotator.tui.screens.letter_menus import attribute_menu, junk_menu, label_menu
from annotator.tui.screens.list_keys import ListKeys
from annotator.tui.statistics import statistics_screen
from annotator.tui.stories.board_actions import BoardActions
from annotator.tui.stories.pairs_actions import PairsActions
from annotator.tui.stories.stories_actions import StoriesActions
from annotator.tui.widgets.letter_menu import Choice, LetterMenu
from tests.tui.desk import SCHEME

MENUS: list[LetterMenu[object]] = [
    label_menu(SCHEME, title=""),
    same_menu(SCHEME, title=""),
    attribute_menu(title=""),
    junk_menu(title=""),
    skip_menu(),
    item_filter_menu(SCHEME),
    queue_filter_menu(Listing()),
    queue_order_menu(Listing()),
    outlet_menu(((f"Outlet {n}", n) for n in range(40)), "The Bay Post"),
]

LISTS = {
    Mode.FIGURES: [action for name, action in vars(figure_keys).items() if name.isupper()],
    Mode.STATISTICS: [
        *(statistics_screen.OPEN, statistics_screen.AGREEMENT),
        *(statistics_screen.UNIT, statistics_screen.SEEN),
        *(*statistics_screen.VIEWS, *statistics_screen.REVIEWERS),
    ],
    Mode.HISTORY: [history_screen.OPEN, history_screen.UNDO],
    Mode.EARLIER: [],
    Mode.FINDINGS: [lint_screen.OPEN, *lint_screen.KINDS],
    Mode.PROBLEMS: [rejected_screen.AGAIN, rejected_screen.ALL_AGAIN],
    Mode.IDENTITIES: [
        *(identities_screen.OPEN, identities_screen.LISTS, identities_screen.FURTHER),
        *("identities_undo", "identities_redo", *DEEDS),
    ],
}


@pytest.mark.parametrize("mode", list(Mode))
def test_no_two_actions_of_a_screen_share_a_key(mode: Mode) -> None:
    pressed = [key for row in KEYS if row.mode is mode for key in row.keys]
    assert len(pressed) == len(set(pressed))


@pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.name)
def test_no_two_choices_of_a_menu_share_a_letter(menu: LetterMenu[object]) -> None:
    letters = [choice.letter for _, choices in menu.rows for choice in choices]
    assert len(letters) == len(set(letters))
    assert all(len(letter) == 1 for letter in letters)


def test_every_kind_of_junk_has_a_letter() -> None:
    lines = junk_menu(title="").by_letter.values()
    kinds = {line.value for line in lines if isinstance(line, Choice)}
    assert kinds == set(JunkKind)


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.action)
def test_every_action_is_handled_and_listed_in_help(row: Key) -> None:
    assert row.section in SECTIONS
    methods = {
        Mode.QUEUE: (QueueActions, QueueDoors),
        Mode.STORIES: (StoriesActions,),
        Mode.BOARD: (BoardActions,),
        Mode.PAIRS: (PairsActions,),
    }
    if row.mode is Mode.ADJUDICATION:
        assert AdjudicationActions.handles(row.action) or row.action == "adjudicate_back"
    elif row.mode in LISTS:
        frame = ListKeys(keymap(), row.mode)
        assert row.action in {*LISTS[row.mode], *frame.moves, frame.close}
    elif row.mode in methods:
        assert any(hasattr(one, f"do_{row.action}") for one in methods[row.mode])
    else:
        assert row.action in {**ACTIONS, **SCREEN_ACTIONS}


def test_every_action_method_has_a_key() -> None:
    done = {name.removeprefix("do_") for name in dir(QueueActions) if name.startswith("do_")}
    assert {*done, *ACTIONS, *SCREEN_ACTIONS} <= {row.action for row in KEYS}
    assert not ACTIONS.keys() & SCREEN_ACTIONS.keys()


def test_an_action_can_be_rebound() -> None:
    keys = keymap({"accept": "f5 y", "copy": "ctrl+y"})
    assert keys.action(Mode.REVIEW, "y") == "accept"
    assert keys.action(Mode.REVIEW, "a") is None
    assert keys.action(Mode.REVIEW, "ctrl+y") == "copy"
    assert keys.hints(Mode.REVIEW)[1] == ("f5", "accept")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"acept": "z"}, "'accept'"),
        ({"accept": "x"}, "another key"),
        ({"accept": "hyper+z"}, "ctrl+r"),
        ({"accept": "ab"}, "ctrl+r"),
    ],
)
def test_an_invalid_change_is_refused_with_advice(changes: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        keymap(changes)
    assert told in caught.value.hint


def test_an_action_can_lose_its_key() -> None:
    assert keymap({"palette": ""}).action(Mode.REVIEW, "ctrl+p") is None


@pytest.mark.parametrize(
    ("key", "character", "written"),
    [
        ("left_square_bracket", "[", "["),
        ("space", " ", "space"),
        ("ctrl+r", "\x12", "ctrl+r"),
        ("tab", "\t", "tab"),
        ("A", "A", "A"),
    ],
)
def test_keys_are_written_as_the_characters_they_type(
    key: str, character: str, written: str
) -> None:
    assert pressed_key(key, character) == written
