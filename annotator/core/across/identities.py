"""Proposes identities: which names in several articles mean one person, group or place, and why.

Precision comes first: of two names that might be one, one is asked for, and a wrong tie spreads to
all articles. What somebody said is `different` is never proposed again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.core.across.mentions import Mention, NameKind, Place
from annotator.core.across.name_forms import Form, Link, LinkKind, is_acronym, local_forms
from annotator.core.across.name_links import SeenForm, surname_candidates, whole_links
from annotator.core.across.postings import LONGEST, weights

LEAST_SCORE = 0.75
"""Links with a lower chance are not followed."""
_NEAR = 6.0
"""How much two names' articles must have in common (summed idf of the other names)."""
_CLOSE = 10.0
"""The same for a surname alone, and for names that differ by a vowel."""
_BACKGROUND = 100
_ARTICLES = 20
"""Articles of a form that are compared with those of another."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two forms were taken for one, as they are written, with the chance (0 to 1)."""

    one: str
    other: str
    why: LinkKind
    score: float


@dataclass(frozen=True, slots=True)
class IdentityProposal:
    """Mentions proposed as one identity.

    `name` is its fullest usual form, `type` the label that most of its mentions have, `forms` how
    often it is written in which way, and `score` that of its weakest evidence, 1 if all is of one
    form.
    """

    name: str
    type: str
    mentions: tuple[Place, ...]
    forms: tuple[tuple[str, int], ...]
    evidence: tuple[Evidence, ...]
    score: float

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of the articles, sorted."""
        return tuple(sorted({article for article, _ in self.mentions}))


def propose_identities(
    mentions: Iterable[Mention],
    *,
    different: Collection[tuple[str, str]] = (),
    least: float = LEAST_SCORE,
) -> tuple[IdentityProposal, ...]:
    """Every mention in one proposal, alone if nothing ties it, in the order of their first mention.

    `different` are pairs of keys (`mentions.key_of`) that nobody wants to see as one; no proposal
    contains both. The order of the mentions does not matter.
    """
    known = _Store.of(mentions)
    merging = _Merging(different)
    for link in sorted(known.first_links(), key=lambda link: link.rank):
        if link.score >= least:
            merging.join(link)
    for link in sorted(known.joined(merging).surname_links(merging), key=lambda link: link.rank):
        if link.score >= least:
            merging.join(link)
    return _proposals(known, merging)


@dataclass(frozen=True)
class _Store:
    """All mentions with their forms, and what is needed to compare these."""

    forms: Mapping[Mention, Form]
    local: tuple[Link, ...]
    seen: Mapping[Form, SeenForm]
    in_article: Mapping[str, frozenset[Form]]
    tells: Mapping[Form, float]

    def joined(self, merging: _Merging) -> _Store:
        """The same, with forms that are joined counted as one where articles are compared."""
        own: dict[str, set[Form]] = defaultdict(set)
        for mention, form in self.forms.items():
            root = merging.root(form)
            if not root.scope:
                own[mention.article].add(root)
        in_article = {article: frozenset(forms) for article, forms in own.items()}
        tells = weights(in_article.values(), background=_BACKGROUND)
        return replace(self, in_article=in_article, tells=tells)

    @classmethod
    def of(cls, mentions: Iterable[Mention]) -> _Store:
        articles: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            articles[mention.article].append(mention)
        forms: dict[Mention, Form] = {}
        links: list[Link] = []
        for article in sorted(articles):
            own, made = local_forms(articles[article])
            forms |= own
            links += made
        by_form: dict[Form, list[Mention]] = defaultdict(list)
        for mention, form in forms.items():
            by_form[form].append(mention)
        seen = {form: _seen(form, by_form[form]) for form in sorted(by_form)}
        whole = {
            article: frozenset(forms[one] for one in own if not forms[one].scope)
            for article, own in articles.items()
        }
        tells = weights(whole.values(), background=_BACKGROUND)
        return cls(forms, tuple(links), seen, whole, tells)

    def first_links(self) -> Iterable[Link]:
        """Links within articles, and between names that stand for themselves."""
        return (*self.local, *whole_links(self.seen.values(), self.near, self.close))

    def surname_links(self, merging: _Merging) -> Iterable[Link]:
        """Links from surnames that stand alone in their article to the full names elsewhere."""
        full = surname_candidates(self.seen)
        alone: dict[str, list[Form]] = defaultdict(list)
        for form, one in self.seen.items():
            if form.kind is NameKind.PERSON and form.scope and merging.is_alone(form):
                names = full.get(form.surname, [])
                best = self._best(one, names, merging) if len(names) <= LONGEST else None
                if best is not None:
                    yield Link(form, best, LinkKind.SURNAME, 0.85)
                elif not names:
                    alone[form.key].append(form)
        for forms in alone.values():
            yield from (Link(forms[0], other, LinkKind.SAME_FORM, 0.9) for other in forms[1:])

    def near(self, one: SeenForm, other: SeenForm) -> bool:
        """Whether the articles of two forms have other names in common that tell something."""
        return self._common(one, other) >= _NEAR

    def close(self, one: SeenForm, other: SeenForm) -> bool:
        """Whether they have many in common."""
        return self._common(one, other) >= _CLOSE

    def _best(self, one: SeenForm, names: list[Form], merging: _Merging) -> Form | None:
        """The full name whose articles have most in common with those of a surname, if that is
        more than the others have."""
        shared: dict[Form, float] = defaultdict(float)
        for name in names:
            root = merging.root(name)
            shared[root] = max(shared[root], self._common(one, self.seen[name]))
        ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))
        if not ranked or ranked[0][1] < _CLOSE:
            return None
        clear = len(ranked) == 1 or ranked[0][1] >= 1.5 * ranked[1][1]
        root = ranked[0][0]
        return next(name for name in names if merging.root(name) == root) if clear else None

    def _common(self, one: SeenForm, other: SeenForm) -> float:
        if one.articles & other.articles:
            return float("inf")
        mine, theirs = self._around(one), self._around(other)
        return sum(sorted(self.tells[form] for form in mine & theirs))

    def _around(self, one: SeenForm) -> frozenset[Form]:
        articles = sorted(one.articles)[:_ARTICLES]
        found = (self.in_article.get(article, frozenset()) for article in articles)
        return frozenset[Form]().union(*found) - {one.form}


def _seen(form: Form, mentions: list[Mention]) -> SeenForm:
    groups = sum(one.is_group for one in mentions)
    return SeenForm(
        form,
        frozenset(one.article for one in mentions),
        frozenset().union(*(one.context for one in mentions[:_ARTICLES])),
        is_acronym=all(map(is_acronym, mentions)),
        is_group=groups * 2 >= len(mentions),
        is_building=any(one.is_building for one in mentions),
    )


@dataclass
class _Merging:
    """Forms joined by links, except where somebody said that they differ."""

    different: Collection[tuple[str, str]]
    above: dict[Form, Form] = field(default_factory=dict)
    used: dict[Form, list[Link]] = field(default_factory=dict)
    keys: dict[Form, set[str]] = field(default_factory=dict)
    apart: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for one, other in self.different:
            self.apart[one].add(other)
            self.apart[other].add(one)

    def root(self, form: Form) -> Form:
        """The form that stands for all that are joined with `form`."""
        while self.above.setdefault(form, form) != form:
            self.above[form] = form = self.above[self.above[form]]
        return form

    def is_alone(self, form: Form) -> bool:
        """Whether nothing is joined with `form`."""
        return self.root(form) == form and len(self.keys.get(form, ())) <= 1

    def join(self, link: Link) -> None:
        """Joins the two forms of a link, unless that would bring together what differs."""
        one, other = sorted((self.root(link.one), self.root(link.other)))
        mine, theirs = (self.keys.setdefault(form, {form.key}) for form in (one, other))
        small, large = sorted((mine, theirs), key=len)
        if one == other or any(self.apart[key] & large for key in small if key in self.apart):
            return
        self.above[other] = one
        self.keys[one] = mine | theirs
        kept, moved = sorted((self.used.pop(form, []) for form in (one, other)), key=len)[::-1]
        kept.append(link)
        kept.extend(moved)
        self.used[one] = kept


def _proposals(known: _Store, merging: _Merging) -> tuple[IdentityProposal, ...]:
    groups: dict[Form, list[Mention]] = defaultdict(list)
    for mention, form in known.forms.items():
        groups[merging.root(form)].append(mention)
    made = [_proposal(own, merging.used.get(root, [])) for root, own in groups.items()]
    return tuple(sorted(made, key=lambda one: one.mentions))


def _proposal(mentions: list[Mention], links: list[Link]) -> IdentityProposal:
    forms = Counter(one.text for one in mentions)
    labels = Counter(one.label for one in mentions)
    evidence = {_evidence(link) for link in links}
    return IdentityProposal(
        max(forms, key=lambda form: (*_fullness(form), forms[form], len(form), form)),
        max(sorted(labels), key=lambda label: labels[label]),
        tuple(sorted(one.place for one in mentions)),
        tuple(sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))),
        tuple(sorted(evidence, key=lambda one: (one.score, one.one, one.other, one.why))),
        min((link.score for link in links), default=1.0),
    )


def _evidence(link: Link) -> Evidence:
    one, other = sorted((link.one.key, link.other.key))
    return Evidence(one, other, link.why, link.score)


def _fullness(form: str) -> tuple[bool, bool]:
    """Names of several words before single ones, those in small letters before initials."""
    return len(form.split()) > 1, not form.isupper()
