"""How near reviewers come to the gold of checks: figures, in words and on the card."""

from __future__ import annotations

from annotator.core.anchoring import Overlap
from annotator.core.article import Article
from annotator.core.check_outcome import CheckOutcome, GoldDifference
from annotator.core.decisions import Answer
from annotator.export.quality_card import Measured, quality_section
from annotator.export.quality_figures import QualityFigures
from annotator.measures.check_figures import check_figures, check_lines
from tests.helpers.items import entity_at
from tests.helpers.strategies import EPOCH

MISSED = GoldDifference(None, entity_at(0, 1, "PERSON"))
ADDED = GoldDifference(entity_at(1, 2, "PERSON"), None)


def outcome(number: int, reviewer: str, same: int, *differences: GoldDifference) -> CheckOutcome:
    """A check with so many equal entities, and these differences."""
    return CheckOutcome(
        Article(f"Check {number}."),
        reviewer,
        EPOCH,
        entities=Overlap(same, 2 * same + len(differences)),
        differences=differences,
    )


TWELVE = [outcome(n, "ada", 4, *([MISSED] if n < 6 else [ADDED] * 2)) for n in range(12)]
OTHERS = [outcome(1, "bo", 3), CheckOutcome(Article("Check 2."), "bo", EPOCH, skipped=Answer.SKIP)]


def test_the_figures_are_those_worked_out_by_hand() -> None:
    ada, bo = check_figures([*OTHERS, *TWELVE]).values()
    assert (ada["checks"], ada["skipped"], ada["missed"], ada["added"]) == (12, 0, 6, 12)
    together = ada["together"]
    # Twelve times 4 equal items; on both sides 8 and one difference, or 8 and two.
    assert together["units"] == 6 * 9 + 6 * 10
    assert together["value"] == round(2 * 48 / 114, 4)
    assert together["low"] < together["value"] < together["high"]
    assert ada["entities"] == together
    assert (ada["claims"]["units"], ada["claims"]["enough"]) == (0, False)
    assert (bo["checks"], bo["skipped"], bo["together"]["enough"]) == (1, 1, False)
    assert bo["together"]["value"] is None


def test_they_are_told_with_units_and_interval_or_as_not_enough() -> None:
    ada, bo = check_lines(check_figures([*TWELVE, *OTHERS]))
    assert ada.startswith("ada: 12 finished; F1 84.2 (95 %: ")
    assert ada.endswith("), 114 units; 6 missed, 12 added")
    assert bo == "bo: 1 finished, 1 skipped; F1 not enough (6 units); 0 missed, 0 added"


def test_the_card_has_them_by_reviewer_and_nothing_without_checks() -> None:
    figures = check_figures([*TWELVE, *OTHERS])
    card = "\n".join(quality_section(QualityFigures(), Measured(checks=figures)))
    assert "| ada | 12 | 0 | 0.842 | " in card
    assert "| bo | 1 | 1 | not enough | – | 6 | 0 | 0 |" in card
    assert "Checks" not in "\n".join(quality_section(QualityFigures(), Measured()))
