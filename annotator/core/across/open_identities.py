"""Which proposed identities are open: names that nobody has tied together yet, nor kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from annotator.core.across.identities import IdentityProposal
from annotator.core.across.identity_log import form_of, is_form, key_in


@dataclass(frozen=True, slots=True)
class OpenIdentity:
    """A proposed identity with its forms, how often each was seen, and the ids of the identities
    that people tied some of them to: none, one that lacks a form, or several to merge."""

    proposal: IdentityProposal
    forms: tuple[tuple[str, int], ...]
    known: tuple[str, ...]

    @property
    def key(self) -> str:
        """Tells it from others."""
        return " ".join(form for form, _ in self.forms)


def open_identities(
    proposals: Iterable[IdentityProposal], tied: Mapping[str, frozenset[str]]
) -> tuple[OpenIdentity, ...]:
    """The proposals that people have not decided on, those with evidence first, then by frequency.

    `tied` has the identities of each form. One form alone is proposed if it is in two articles.
    """
    found = [_with_forms(one, tied) for one in proposals]
    return tuple(sorted((one for one in found if _is_open(one, tied)), key=_rank))


def apart_keys(
    apart: Iterable[frozenset[str]], forms_of: Mapping[str, Iterable[str]]
) -> frozenset[tuple[str, str]]:
    """Pairs of keys of names that were said to differ, for `propose_identities`. `forms_of` has the
    forms of each identity."""
    pairs: set[tuple[str, str]] = set()
    for said in apart:
        sides = [
            {key_in(form) for form in ([one] if is_form(one) else forms_of.get(one, ()))}
            for one in sorted(said)
        ]
        if len(sides) == 2:
            pairs |= {(one, other) for one, other in product(*sides) if one != other}
    return frozenset(pairs)


def _with_forms(proposal: IdentityProposal, tied: Mapping[str, frozenset[str]]) -> OpenIdentity:
    counts: Counter[str] = Counter()
    for words, count in proposal.forms:
        form = form_of(words, proposal.type)
        if form:
            counts[form] += count
    known = frozenset[str]().union(*(tied.get(form, frozenset()) for form in counts))
    forms = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return OpenIdentity(proposal, tuple(forms), tuple(sorted(known)))


def _is_open(one: OpenIdentity, tied: Mapping[str, frozenset[str]]) -> bool:
    if len(one.known) > 1:
        return not all(len(tied.get(form, ())) > 1 for form, _ in one.forms)
    if one.known:
        return any(form not in tied for form, _ in one.forms)
    return len(one.forms) > 1 or len(one.proposal.articles) > 1


def _rank(one: OpenIdentity) -> tuple[bool, int, float, str]:
    alone = len(one.forms) == 1
    return alone, -len(one.proposal.mentions), -one.proposal.score, one.key
