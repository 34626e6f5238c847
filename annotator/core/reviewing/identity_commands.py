"""What ties entities of a review to identities: all of one form together, and what is offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotator.core.across.identity_candidates import (
    Candidate,
    IdentitiesAround,
    KnownIdentity,
    candidates,
    tied_before,
)
from annotator.core.across.identity_log import Identity, form_of
from annotator.core.annotations import Entity
from annotator.core.decisions import Change, link
from annotator.core.review import Review


def form_in(entity: Entity, text: str) -> str:
    """The form of an entity (`core.across.identity_log`)."""
    return form_of(entity.span.of(text), entity.label)


def equal_forms(review: Review, entity: Entity, text: str) -> tuple[Entity, ...]:
    """An entity, and all others with its form that have the same identity or none, as it has."""
    form = form_in(entity, text)
    others = (
        one
        for one in review.entities
        if one.id != entity.id and one.identity == entity.identity and form_in(one, text) == form
    )
    return (entity, *(others if form else ()))


def tie_all(entities: Iterable[Entity], identity: str | None) -> tuple[Change, ...]:
    """The changes that tie entities to an identity; None unties them."""
    return tuple(
        link(one, replace(one, identity=identity)) for one in entities if one.identity != identity
    )


def new_identity(entity: Entity, text: str, *, new_id: Callable[[], str]) -> Identity:
    """An identity named by the words of an entity, with its label as type."""
    return Identity(new_id(), " ".join(entity.span.of(text).split()), entity.label)


class NamesInReview:
    """The identities that entities of a review have or may have: those that were known when it was
    opened, and those made or tied to in it since."""

    def __init__(self, around: IdentitiesAround) -> None:
        self._made: dict[str, Identity] = {}
        self.renew(around)

    def renew(self, around: IdentitiesAround) -> None:
        """Take over what is known now."""
        self._around = around
        self._by_id = {one.identity.id: one.identity for one in around.known}
        self._by_id.update(around.named)
        self._by_form: dict[str, list[KnownIdentity]] = defaultdict(list)
        for one in around.known:
            for form in one.tied:
                self._by_form[form].append(one)

    def add(self, identity: Identity) -> None:
        """Remember an identity that this review makes."""
        self._made.setdefault(identity.id, identity)

    def of(self, entity: Entity, review: Review, text: str) -> Identity | None:
        """The identity of an entity; None if it has none."""
        id = entity.identity
        if id is None:
            return None
        known = self._by_id.get(id) or self._made.get(id)
        if known is not None:
            return known
        first = next((one for one in review.entities if one.identity == id), entity)
        return new_identity(first, text, new_id=lambda: id)

    def offered(self, entity: Entity, review: Review, text: str) -> tuple[Candidate, ...]:
        """The identities that an entity may name, the likeliest first, without the one it has."""
        form = form_in(entity, text)
        found = candidates(form, self._known(review, text))
        own = self.of(entity, review, text)
        return tuple(one for one in found if own is None or one.identity.id != own.id)

    def known_before(self, entity: Entity, text: str) -> Candidate | None:
        """The one identity that people tied this form to in other articles, if the entity has none;
        None if there is none, or several."""
        if entity.identity is not None or not self._by_form:
            return None
        form = form_in(entity, text)
        return tied_before(form, self._by_form.get(form, ()))

    def _known(self, review: Review, text: str) -> tuple[KnownIdentity, ...]:
        """What is known, with what is tied in this review."""
        known = {one.identity.id: one for one in self._around.known}
        for entity in review.entities:
            identity = self.of(entity, review, text)
            form = form_in(entity, text)
            if identity is not None and form:
                one = known.get(identity.id, KnownIdentity(identity))
                tied = {**one.tied, form: review.reviewer}
                known[identity.id] = replace(one, tied=tied, stands=True)
        return tuple(known.values())
