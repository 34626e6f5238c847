"""Actions that decide on the entry under the cursor: take, merge, split, rename, different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from annotator.core.across.identity_acts import Changes, keeping_apart, splitting, taking
from annotator.core.across.identity_changes import merge, rename
from annotator.core.across.identity_log import Identity, key_in
from annotator.tui.app_setup import AppSetup
from annotator.tui.identities.identity_entries import (
    IdentityEntry,
    IdentityListEntry,
    ProposedEntry,
)
from annotator.tui.identities.identity_prompts import FieldPrompt, form_menu
from annotator.tui.screens.letter_menus import label_menu
from annotator.tui.screens.list_frame import Act
from annotator.tui.screens.list_keys import ListKeys
from annotator.tui.widgets.letter_menu import MenuPrompt
from annotator.tui.widgets.prompts import Prompt, Prompts
from annotator.tui.widgets.virtual_list import VirtualList

_Deed = Callable[["IdentityDeeds", IdentityListEntry], None]
_Get = Callable[[Identity], str | None]
_Set = Callable[[Identity, str], Identity]


class DecidesOnIdentities(Protocol):
    """The screen that stores and shows what is decided."""

    @property
    def keys(self) -> ListKeys:
        """Its keys, which messages name."""

    @property
    def entry(self) -> IdentityListEntry | None:
        """The entry under the cursor."""

    def decide(self, changes: Changes, said: str, *, gone: str | None = None) -> None:
        """Store changes and say what they are; the proposal with the key `gone` is decided on."""

    def say(self, message: str) -> None:
        """Show a message."""

    @property
    def listed(self) -> VirtualList:
        """The list, in which the marked identity is shown."""


class IdentityDeeds:
    """What each action does; `marked` is the identity to be merged into another one."""

    def __init__(self, screen: DecidesOnIdentities, setup: AppSetup, prompts: Prompts) -> None:
        self._screen, self._prompts = screen, prompts
        self._scheme, self._new_id = setup.config.scheme, setup.clock.new_id
        self.marked: Identity | None = None

    @property
    def marked_id(self) -> str | None:
        """The id of the marked identity, if there is one."""
        return None if self.marked is None else self.marked.id

    def act_of(self, action: str) -> Act | None:
        """What an action does; None if it is none of these."""
        deed = DEEDS.get(action)
        return None if deed is None else partial(self._do, deed)

    def _do(self, deed: _Deed) -> None:
        entry = self._screen.entry
        if entry is None:
            self._screen.say("There is nothing here yet.")
        else:
            deed(self, entry)

    def _key(self, action: str) -> str:
        """The key of an action in a message."""
        return self._screen.keys.first(action) or f"identities_{action}"

    def take(self, entry: IdentityListEntry) -> None:
        """Take the proposal."""
        if not isinstance(entry, ProposedEntry):
            self._screen.say(f"This is an identity already; {self._key('take')} takes a proposal.")
            return
        changes = taking(entry.one, id=self._new_id())
        said = f"“{entry.one.proposal.name}”: {len(entry.forms)} forms"
        self._screen.decide(changes, said, gone=entry.key)

    def differ(self, entry: IdentityListEntry) -> None:
        """Ask which name is not the same as the others."""
        if isinstance(entry, IdentityEntry) and self.marked is not None:
            self._keep_apart(entry, self.marked)
            return
        operands = (*entry.one.known, *entry.forms) if isinstance(entry, ProposedEntry) else ()
        forms = entry.forms
        if len(forms) < 2 or not operands:
            mark = self._key("merge")
            self._screen.say(
                f"Mark an identity by {mark} first, or choose a proposal of several names."
            )
            return

        def chosen(form: str) -> None:
            others = [one for one in operands if one != form]
            said = f"“{key_in(form)}” is not the same as the others"
            self._screen.decide(keeping_apart(form, others), said, gone=entry.key)

        self._ask(MenuPrompt(form_menu(forms, title="Not the same"), chosen, self._screen.say))

    def _keep_apart(self, entry: IdentityEntry, marked: Identity) -> None:
        identity = entry.one.identity
        if identity.id == marked.id:
            self._screen.say("Move to the other identity first.")
            return
        self._mark(None)
        said = f"“{marked.name}” and “{identity.name}” are not the same"
        self._screen.decide(keeping_apart(marked.id, [identity.id]), said)

    def merge(self, entry: IdentityListEntry) -> None:
        """Mark an identity, or merge the marked one into it; a proposal's forms are tied to the
        marked one."""
        marked = self.marked
        if isinstance(entry, ProposedEntry):
            if marked is None:
                self._screen.say(f"Mark the identity that it is by {self._key('merge')} first.")
                return
            self._mark(None)
            changes = tuple(merge(form, marked.id) for form in entry.forms)
            self._screen.decide(changes, f"these are “{marked.name}”", gone=entry.key)
        elif marked is None:
            self._mark(entry.one.identity)
            merges, differs = self._key("merge"), self._key("differ")
            self._screen.say(
                f"{merges} on another merges “{entry.one.identity.name}” into it; "
                f"{differs} keeps them apart."
            )
        elif marked.id == entry.one.identity.id:
            self._mark(None)
        else:
            self._mark(None)
            into = entry.one.identity
            said = f"“{marked.name}” is “{into.name}”"
            self._screen.decide((merge(marked.id, into.id),), said)

    def _mark(self, identity: Identity | None) -> None:
        self.marked = identity
        self._screen.listed.invalidate()

    def split(self, entry: IdentityListEntry) -> None:
        """Ask for the form that is another identity."""
        if not isinstance(entry, IdentityEntry) or len(entry.forms) < 2:
            self._screen.say("Only an identity of several forms can be split.")
            return
        was = entry.one.identity

        def chosen(form: str) -> None:
            name = key_in(form).title()
            self._screen.decide(
                splitting(form, was=was, name=name, id=self._new_id()), f"“{name}” is another one"
            )

        menu = form_menu(entry.forms, title=f"Another one than {was.name}")
        self._ask(MenuPrompt(menu, chosen, self._screen.say))

    def rename(self, entry: IdentityListEntry) -> None:
        """Ask for the name."""
        self._type(entry, "its name", lambda one: one.name, _with_name)

    def link(self, entry: IdentityListEntry) -> None:
        """Ask for the id elsewhere."""
        title = "its id elsewhere, such as wikidata:Q42"
        self._type(
            entry, title, lambda one: one.link, lambda one, it: replace(one, link=it or None)
        )

    def note(self, entry: IdentityListEntry) -> None:
        """Ask for the note."""
        self._type(
            entry,
            "a note on it",
            lambda one: one.note,
            lambda one, words: replace(one, note=words or None),
        )

    def type(self, entry: IdentityListEntry) -> None:
        """Ask for the type."""
        identity = self._identity(entry)
        if identity is not None:
            menu = label_menu(self._scheme, title=f"{identity.name} is")
            self._ask(
                MenuPrompt(
                    menu,
                    lambda label: self._change(identity, replace(identity, type=label.name)),
                    self._screen.say,
                )
            )

    def _type(self, entry: IdentityListEntry, title: str, now: _Get, changed: _Set) -> None:
        identity = self._identity(entry)
        if identity is not None:
            self._ask(
                FieldPrompt(
                    title,
                    now(identity) or "",
                    lambda words: self._change(identity, changed(identity, words)),
                )
            )

    def _change(self, before: Identity, after: Identity) -> None:
        if after != before:
            self._screen.decide((rename(before, after),), f"“{before.name}” changed")

    def _identity(self, entry: IdentityListEntry) -> Identity | None:
        if isinstance(entry, IdentityEntry):
            return entry.one.identity
        self._screen.say(f"Take the proposal first ({self._key('take')}).")
        return None

    def _ask(self, prompt: Prompt) -> None:
        self._prompts.open(prompt)


def _with_name(identity: Identity, name: str) -> Identity:
    return replace(identity, name=name) if name else identity


DEEDS: dict[str, _Deed] = {
    "identities_take": IdentityDeeds.take,
    "identities_differ": IdentityDeeds.differ,
    "identities_merge": IdentityDeeds.merge,
    "identities_split": IdentityDeeds.split,
    "identities_rename": IdentityDeeds.rename,
    "identities_type": IdentityDeeds.type,
    "identities_link": IdentityDeeds.link,
    "identities_note": IdentityDeeds.note,
}
