"""Whether two forms may name one identity, and the keys by which such forms find each other."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.across.identity_log import key_in, kind_in
from annotator.core.across.mentions import NameKind
from annotator.core.across.name_forms import Form, LinkKind
from annotator.core.across.name_links import SeenForm, body_keys, person_keys, whole_links
from annotator.core.across.spelling import (
    differs_by_a_letter,
    neighbourhood,
    skeleton,
    sounds_alike,
)
from annotator.lexicon.name_groups import aliases, countries_of_peoples, peoples

_MOST_LETTERS = 6
_SURNAME, _FULLER = (LinkKind.SURNAME.value, 0.8), (LinkKind.GIVEN_NAME.value, 0.7)
_MISSPELT, _PEOPLE_OF = 0.6, 0.5
_WORDS = {LinkKind.LETTER: "one letter different", LinkKind.SPELLING: "other script or spelling"}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two forms may name one identity, in words, with the chance that they do (0 to 1)."""

    why: str
    score: float


def likeness(form: str, other: str) -> Likeness | None:
    """Why `form` may name what `other` names; None if nothing says so.

    Nothing but the two forms is looked at, so that it is less sure than a proposal.
    """
    if form == other:
        return Likeness(LinkKind.SAME_FORM, 0.9)
    one, two = _seen(form), _seen(other)
    links = whole_links([one, two], lambda *_: True, lambda *_: True)
    found = [Likeness(_WORDS.get(link.why, link.why), link.score) for link in links]
    found += _surname(one.form, two.form) + _people_of(one.form, two.form)
    return max(found, key=lambda one: one.score, default=None)


def index_keys(form: str) -> frozenset[tuple[str, ...]]:
    """Keys of a form: those that `likeness` finds alike share one."""
    one = _seen(form).form
    keys: set[tuple[str, ...]] = {("form", one.kind, one.key)}
    if one.kind is NameKind.PERSON:
        keys |= {("surname", one.surname), *person_keys(one)}
        keys |= {("surname", word) for word in one.bare[:1] if len(one.bare) > 1}
        keys |= {("near", part) for part in neighbourhood(one.surname)}
        keys |= {("sound", skeleton(one.surname))}
    elif one.kind is NameKind.PEOPLE:
        keys |= {("people", peoples().get(one.key, one.key))}
        keys |= {("nation", country) for country in _nations(one)}
    elif one.kind is NameKind.BODY:
        keys |= {*body_keys(_seen(form)), ("nation", aliases().get(one.key, one.key))}
        keys |= {("initials of", letters) for letters in one.initials or {one.key}}
        keys |= {("first", one.words[0])} if len(one.words) <= 2 else set()
    return frozenset(keys)


def _seen(form: str) -> SeenForm:
    own = Form(kind_in(form), key_in(form))
    is_short = " " not in own.key and len(own.key) <= _MOST_LETTERS
    is_body = own.kind is NameKind.BODY
    # Nothing is known of the text around it, which counts as like that of every other.
    around = frozenset(("",))
    return SeenForm(own, frozenset(), around, is_acronym=is_body and is_short, is_group=is_body)


def _surname(one: Form, other: Form) -> list[Likeness]:
    """*McGurk*, *Brett McGurk*; also one word that is a given name."""
    if one.kind is not NameKind.PERSON or other.kind is not NameKind.PERSON:
        return []
    short, long = sorted((one.bare, other.bare), key=len)
    if len(short) != 1 or len(long) == 1:
        return []
    if long[-1] == short[0]:
        shorter = one.bare == short
        return [Likeness(*(_SURNAME if shorter else _FULLER))]
    if long[0] == short[0]:
        return [Likeness("given name of", _PEOPLE_OF)]
    alike = sounds_alike(short[0], long[-1]) or differs_by_a_letter(short[0], long[-1])
    return [Likeness("surname of, one letter different", _MISSPELT)] if alike else []


def _people_of(one: Form, other: Form) -> list[Likeness]:
    """*Syrians*, *Syria*."""
    people, body = (one, other) if one.kind is NameKind.PEOPLE else (other, one)
    if people.kind is NameKind.PEOPLE and body.kind is NameKind.BODY:
        usual = aliases().get(body.key, body.key)
        if usual in _nations(people):
            return [Likeness("people of", _PEOPLE_OF)]
    return []


def _nations(people: Form) -> frozenset[str]:
    usual = peoples().get(people.key, people.key)
    found = {countries_of_peoples().get(key) for key in (people.key, usual)}
    return frozenset(country for country in found if country)
