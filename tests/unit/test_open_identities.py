"""Which proposed identities are open: what people tied or kept apart is not proposed again."""

from __future__ import annotations

from annotator.core.across.identities import propose_identities
from annotator.core.across.identity_log import form_of
from annotator.core.across.open_identities import OpenIdentity, apart_keys, open_identities
from tests.helpers.across import names

FULL, SURNAME = form_of("Brett McGurk", "PERSON"), form_of("McGurk", "PERSON")
TEXTS = (
    "[Brett McGurk|PERSON] left, and [McGurk|PERSON] said why in [Manbij|GPE]",
    "[Manbij|GPE] is quiet",
    "[Ada Low|PERSON] came",
)


def opened(
    tied: dict[str, frozenset[str]], different: frozenset[tuple[str, str]] = frozenset()
) -> list[OpenIdentity]:
    return [*open_identities(propose_identities(names(*TEXTS), different=different), tied)]


def named(found: list[OpenIdentity]) -> list[str]:
    return [one.proposal.name for one in found]


def test_names_with_evidence_come_first_and_those_of_one_article_alone_are_left_out() -> None:
    assert named(opened({})) == ["Brett McGurk", "Manbij"]


def test_names_tied_to_one_identity_are_not_open() -> None:
    tied = dict.fromkeys((FULL, SURNAME), frozenset("b"))
    assert named(opened(tied)) == ["Manbij"]


def test_a_form_that_nobody_tied_is_proposed_for_the_identity_of_the_others() -> None:
    (found, _) = opened({FULL: frozenset("b")})
    assert (found.proposal.name, found.known) == ("Brett McGurk", ("b",))


def test_two_identities_are_proposed_to_be_merged() -> None:
    (found, _) = opened({FULL: frozenset("b"), SURNAME: frozenset("m")})
    assert found.known == ("b", "m")


def test_names_said_to_differ_are_not_proposed_together() -> None:
    said = [frozenset((SURNAME, "b"))]
    pairs = apart_keys(said, {"b": [FULL]})
    assert pairs == {("mcgurk", "brett mcgurk")} or pairs == {("brett mcgurk", "mcgurk")}
    assert named(opened({}, pairs)) == ["Manbij"]
