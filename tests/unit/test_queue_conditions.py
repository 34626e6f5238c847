"""The conditions of a view of the queue are built once."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.states import QueueFilter, QueueView
from annotator.store.listing.queue_view import conditions_of

VIEW = QueueView("ada", QueueFilter.FINISHED, overlap=0.5)


def test_the_same_view_has_the_same_conditions() -> None:
    listed = conditions_of(VIEW)
    assert conditions_of(replace(VIEW)) is listed
    assert listed.shown is listed.shown
    assert listed.more_counted is listed.more_counted


def test_another_view_has_conditions_of_its_own() -> None:
    of_ada, of_bo = conditions_of(VIEW), conditions_of(replace(VIEW, reviewer="bo"))
    assert of_ada.lists().compile().params != of_bo.lists().compile().params
    assert of_ada.more_counted.compile().params != of_bo.more_counted.compile().params
