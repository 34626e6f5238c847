"""Links between forms of names all over the store, found by index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from annotator.core.across.mentions import NameKind, without_owner
from annotator.core.across.name_forms import Form, Link, LinkKind
from annotator.core.across.postings import sharing_pairs
from annotator.core.across.spelling import (
    differs_by_a_letter,
    neighbourhood,
    skeleton,
    sounds_alike,
)
from annotator.lexicon.name_groups import aliases, given_roots, peoples, words_in
from annotator.lexicon.stems import stem

_COGNATE = 4
"""Letters with which words of two languages that have one root begin alike (*agency*, *agence*)."""


@dataclass(frozen=True)
class SeenForm:
    """A form with where it was seen: its articles, the stems around it, and how it was written."""

    form: Form
    articles: frozenset[str]
    context: frozenset[str] = frozenset()
    is_acronym: bool = False
    is_group: bool = False
    is_building: bool = False


Near = Callable[[SeenForm, SeenForm], bool]
"""Whether two forms are found in articles on like subjects."""


def whole_links(seen: Iterable[SeenForm], near: Near, close: Near) -> Iterator[Link]:
    """Links between names that stand for themselves; `near` and `close` say how like the subjects
    of their articles are."""
    known = [one for one in seen if not one.form.scope or one.form.kind is not NameKind.PERSON]
    yield from _alias_links(known)
    yield from _people_links([one for one in known if one.form.kind is NameKind.PERSON], near)
    bodies = [one for one in known if one.form.kind is NameKind.BODY and not one.form.scope]
    yield from _body_links(bodies, near, close)
    yield from _acronym_links(bodies, near)
    yield from _short_links(bodies, near)


def _alias_links(seen: Iterable[SeenForm]) -> Iterator[Link]:
    """Links of forms that the lists know as names of one, and of the bodies of one country
    (*Russian Foreign Ministry*, *Russia's Foreign Ministry*)."""
    groups: dict[tuple[LinkKind, str, str], list[Form]] = defaultdict(list)
    for one in seen:
        kind, key, scope = one.form.kind, one.form.key, one.form.scope
        if kind is NameKind.BODY and scope:
            groups[LinkKind.WORDS, without_owner(key), scope].append(one.form)
        elif kind is NameKind.BODY and key in aliases():
            groups[LinkKind.ALIAS, aliases()[key], ""].append(one.form)
        elif kind is NameKind.PEOPLE and key in peoples():
            groups[LinkKind.PEOPLE, peoples()[key], ""].append(one.form)
    for (why, _, _), forms in groups.items():
        first, *others = sorted(forms)
        yield from (Link(first, other, why, 0.97) for other in others)


# People


def _people_links(people: list[SeenForm], near: Near) -> Iterator[Link]:
    full = {one.form: one for one in people if not one.form.scope}
    keys = {form: person_keys(form) for form in full}
    fuller: dict[Form, list[Form]] = defaultdict(list)
    for one, other in sharing_pairs(keys):
        short, long = sorted((one, other), key=lambda form: (len("".join(form.bare)), form))
        if short.surname == long.surname and _given_agree(short.given, long.given):
            fuller[short].append(long)
        elif _may_be_misspelt(full[one], full[other]) and near(full[one], full[other]):
            alike = sounds_alike(one.surname, other.surname) or one.surname == other.surname
            yield Link(one, other, LinkKind.SPELLING if alike else LinkKind.LETTER, 0.85)
    for short, longer in fuller.items():
        # J. Smith is nobody's, where there are John and James.
        if all(_given_agree(a.given, b.given) for a, b in combinations(longer, 2)):
            yield from (Link(short, long, LinkKind.GIVEN_NAME, 0.93) for long in longer)


def person_keys(form: Form) -> list[tuple[str, ...]]:
    """Keys that a person's name shares with others that may be the same person's."""
    roots = [_root(name) for name in form.given]
    keys = [("given", form.surname, root) for root in roots]
    keys += [("initial", form.surname, name[0]) for name in form.given[:1]]
    if roots:
        keys += [("near", roots[0], part) for part in neighbourhood(form.surname)]
        keys += [("sound", skeleton(roots[0]), skeleton(form.surname))]
    return list(dict.fromkeys(keys))


def _root(name: str) -> str:
    return given_roots().get(name, name)


def _given_agree(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether all given names of the one are among the other's, or their initials or short forms,
    and the first ones agree unless one is left out."""
    if len(short) > len(long):
        short, long = long, short
    rest = list(long)
    for name in short:
        match = next((n for n, other in enumerate(rest) if _same_given(name, other)), None)
        if match is None:
            return False
        rest = rest[match + 1 :]
    return True


def _same_given(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return _root(one) == _root(other)


def _may_be_misspelt(one: SeenForm, other: SeenForm) -> bool:
    """Whether two full names may be one, misspelt: nothing but a letter or a sound differs, they
    never stand in one article, and something is said of both."""
    if one.articles & other.articles:
        return False
    mine, theirs = one.form, other.form
    if len(mine.given) != len(theirs.given) or not mine.given:
        return False
    given = list(zip(mine.given, theirs.given, strict=True))
    same = all(_same_given(a, b) for a, b in given)
    if mine.surname == theirs.surname:
        return all(_same_given(a, b) or sounds_alike(a, b) for a, b in given)
    if not all(_same_given(a, b) or sounds_alike(a, b) for a, b in given):
        return False
    if sounds_alike(mine.surname, theirs.surname):
        return True
    alike = differs_by_a_letter(mine.surname, theirs.surname)
    return same and alike and bool(one.context & other.context)


# Groups and places


def _body_links(bodies: list[SeenForm], near: Near, close: Near) -> Iterator[Link]:
    by_form = {one.form: one for one in bodies}
    for one, other in sharing_pairs({form: body_keys(seen) for form, seen in by_form.items()}):
        link = _body_link(by_form[one], by_form[other], near, close)
        if link is not None:
            yield link


def body_keys(seen: SeenForm) -> list[tuple[str, str]]:
    """Keys that the name of a body shares with others that may be the same body's."""
    form = seen.form
    joined = "".join(form.bare)
    keys = [("joined", joined)] if len(joined) >= 4 else []
    if len(joined) >= 5 and not seen.is_acronym:
        keys.append(("sound", skeleton(joined)))
    if len(form.significant) > 1:
        keys.append(("words", " ".join(sorted(map(stem, form.significant)))))
        keys.append(("initials", "".join(sorted(word[0] for word in form.significant))))
    if seen.is_building:
        keys.append(("building", " ".join(_without_type(form))))
    return keys


def _body_link(one: SeenForm, other: SeenForm, near: Near, close: Near) -> Link | None:
    """The link of two bodies that share a key, if it is one."""
    mine, theirs = one.form, other.form
    joined = "".join(mine.bare), "".join(theirs.bare)
    if joined[0] == joined[1]:
        return Link(mine, theirs, LinkKind.SPELLING, 0.95)
    both_groups = one.is_group and other.is_group
    if both_groups and _same_words(mine, theirs):
        return Link(mine, theirs, LinkKind.WORDS, 0.92)
    if one.is_building and other.is_building and _same_building(mine, theirs):
        return Link(mine, theirs, LinkKind.SHORT, 0.9)
    if both_groups and _cognate(mine, theirs) and near(one, other):
        return Link(mine, theirs, LinkKind.LANGUAGE, 0.85)
    if sounds_alike(*joined) and not one.articles & other.articles and close(one, other):
        return Link(mine, theirs, LinkKind.SPELLING, 0.85)
    return None


def _same_words(one: Form, other: Form) -> bool:
    return sorted(map(stem, one.significant)) == sorted(map(stem, other.significant))


def _without_type(form: Form) -> tuple[str, ...]:
    return tuple(word for word in form.words if word not in words_in("place_types")) or form.words


def _same_building(one: Form, other: Form) -> bool:
    """Whether two buildings have one name, and one kind if both say it."""
    core = _without_type(one)
    kinds = [set(form.words) - set(core) for form in (one, other)]
    return (
        core == _without_type(other)
        and len("".join(core)) >= 4
        and (not all(kinds) or bool(kinds[0] & kinds[1]))
    )


def _cognate(one: Form, other: Form) -> bool:
    """Whether two names of three words and more are one in two languages: the same initials in
    another order, and words of one root."""
    mine, theirs = one.significant, list(other.significant)
    if len(mine) < 3 or len(mine) != len(theirs) or mine == tuple(theirs):
        return False
    if sorted(word[0] for word in mine) != sorted(word[0] for word in theirs):
        return False
    roots = [word[:_COGNATE] for word in theirs]
    alike = sum(word[:_COGNATE] in roots for word in mine)
    order = [word[0] for word in mine] != [word[0] for word in theirs]
    return order and alike * 3 >= len(mine) * 2


def _acronym_links(bodies: list[SeenForm], near: Near) -> Iterator[Link]:
    """Initials and the one name that they stand for."""
    whole: dict[str, list[SeenForm]] = defaultdict(list)
    for one in bodies:
        for initials in one.form.initials if one.is_group else ():
            whole[initials].append(one)
    for one in bodies:
        unknown = one.is_acronym and one.is_group and one.form.key not in aliases()
        names = whole.get(one.form.key, []) if unknown else []
        together = [name for name in names if name.articles & one.articles]
        found = together or [name for name in names if near(one, name)]
        if len(found) == 1:
            score = 0.95 if together else 0.85
            yield Link(one.form, found[0].form, LinkKind.INITIALS, score)


def _short_links(bodies: list[SeenForm], near: Near) -> Iterator[Link]:
    """One word, and the one name of two words that it begins (*Nordal*, *Nordal Lines*)."""
    longer: dict[str, list[SeenForm]] = defaultdict(list)
    for one in bodies:
        if one.is_group and len(one.form.words) == 2:
            longer[one.form.words[0]].append(one)
    for one in bodies:
        if one.is_group and len(one.form.words) == 1 and one.form.key not in aliases():
            found = longer.get(one.form.key, [])
            if len(found) == 1 and near(one, found[0]):
                yield Link(one.form, found[0].form, LinkKind.SHORT, 0.85)


def surname_candidates(seen: Mapping[Form, SeenForm]) -> dict[str, list[Form]]:
    """The full names of people that end with each surname."""
    found: dict[str, list[Form]] = defaultdict(list)
    for form in sorted(seen):
        if form.kind is NameKind.PERSON and not form.scope:
            found[form.surname].append(form)
    return dict(found)
