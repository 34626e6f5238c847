"""Opinions of suggesters in the store: kept as they are, merged for each review, counted."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import report_lines
from annotator.core.annotations import Entity, MadeBy
from annotator.core.decisions import accept, finish, reject, relabel
from annotator.core.opinions import PIPELINE, Opinion
from annotator.core.record import PipelineId, SchemeId
from annotator.core.records.suggesters import SuggesterId
from annotator.core.review import Status
from annotator.core.reviewing.outcomes import Outcomes
from annotator.export.records import record_of, records
from annotator.formats import format_named
from annotator.formats.base import Losses
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import OpenedReview, SecondOpinion, Suggested
from tests.helpers.building import NOW, open_, press, row_of, waiting
from tests.helpers.building import PIPELINE as OURS
from tests.helpers.importing import bring_in, record, write
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_index_is_right, assert_memory_is_right

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n"
SECOND = "Port Ellis waits, said Ada Low.\n"
DESK = PipelineId("desk-en", "2.0", "beef")
SCHEME = SchemeId("news", "1")
LABELS = frozenset(("PERSON", "GPE", "ORG"))


def opinion(text: str, *pairs: tuple[str, str], name: str = "desk", **how: object) -> SecondOpinion:
    found = tuple(entity(text, words, label) for words, label in pairs)
    said = Opinion(name, tuple(replace(one, score=None) for one in found), LABELS)
    return SecondOpinion(said, DESK, **how)  # type: ignore[arg-type]  # fields by name


def asked(store: Store, text: str, ours: list[tuple[str, str]], *opinions: SecondOpinion) -> str:
    """An article with the suggestions of our pipeline and these opinions."""
    (article_id,) = waiting(store, text)
    store.work.lease("worker", limit=10, seconds=60, now=NOW)
    items = tuple(entity(text, words, label) for words, label in ours)
    result = Suggested(article_id, items, "en", opinions=opinions)
    assert store.work.attach("worker", [result], OURS, now=NOW) == 1
    return article_id


def by_words(opened: OpenedReview) -> dict[tuple[str, str], Entity]:
    text = opened.article.text
    return {(one.span.of(text), one.label): one for one in opened.review.entities}


def differing(store: Store) -> OpenedReview:
    """An open review in which desk takes Ada Low for a group, and misses Bo Marsh."""
    ours = [("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE")]
    said = opinion(TEXT, ("Ada Low", "ORG"), ("Port Ellis", "GPE"))
    return open_(store, asked(store, TEXT, ours, said))


def test_a_review_is_pinned_to_what_all_said(store: Store) -> None:
    opened = differing(store)
    found = {key: (one.suggested_by, one.not_suggested_by) for key, one in by_words(opened).items()}
    assert found == {
        ("Ada Low", "PERSON"): ((PIPELINE,), ("desk",)),
        ("Ada Low", "ORG"): (("desk",), (PIPELINE,)),
        ("Bo Marsh", "PERSON"): ((PIPELINE,), ("desk",)),
        ("Port Ellis", "GPE"): ((PIPELINE, "desk"), ()),
    }
    again = store.reviews.get(opened.article.id, "ada")
    assert again.review.items == opened.review.items
    assert again.suggesters == (SuggesterId("desk", "desk-en", "2.0", "beef"),)
    assert again.pipeline == OURS


def test_the_queue_counts_what_a_review_will_show(store: Store) -> None:
    ours = [("Ada Low", "PERSON")]
    article = asked(store, TEXT, ours, opinion(TEXT, ("Ada Low", "PERSON"), ("Bo Marsh", "ORG")))
    assert (row_of(store, article).entities, row_of(store, article).total) == (2, 2)
    open_(store, article)
    assert (row_of(store, article).entities, row_of(store, article).open) == (2, 2)


def test_our_own_suggestions_stay_a_set_of_their_own(store: Store) -> None:
    opened = differing(store)
    ((_, items, made),) = store.articles.unreviewed()
    assert {item.id for item in items} == {"e0", "e12", "e24"}
    assert all(not one.suggested_by for one in items if isinstance(one, Entity))
    assert made == OURS
    assert opened.review.suggestions != items


def test_without_suggesters_a_review_is_pinned_to_the_set_itself(store: Store) -> None:
    opened = open_(store, asked(store, TEXT, [("Ada Low", "PERSON")]))
    assert opened.suggesters == ()
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.suggestion_set)).scalar() == 1
    assert "suggested_by" not in str(record_of(store, opened, SCHEME).to_dict())


def test_a_suggester_without_an_opinion_says_nothing(store: Store) -> None:
    silent = opinion(TEXT, problem="took longer than 60 seconds")
    opened = open_(store, asked(store, TEXT, [("Ada Low", "PERSON")], silent))
    assert opened.suggesters == ()
    assert {one.suggested_by for one in opened.review.entities} == {()}


def test_a_merged_set_goes_with_the_review_that_nobody_began(store: Store) -> None:
    opened = differing(store)
    store.reviews.release(opened.article.id, "ada")
    with store.database.reading() as connection:
        made = connection.execute(select(t.suggestion_set.c.base_id)).scalars().all()
    assert [one for one in made if one is not None] == []
    assert by_words(open_(store, opened.article.id, "bea")) == by_words(opened)


def test_the_memory_decides_on_what_suggesters_said(store: Store) -> None:
    opened = differing(store)
    ada = by_words(opened)["Ada Low", "PERSON"]
    press(store, opened, relabel(ada, "GPE"))
    said = opinion(SECOND, ("Ada Low", "ORG"))
    later = by_words(open_(store, asked(store, SECOND, [("Ada Low", "PERSON")], said)))
    (one,) = (item for (words, _), item in later.items() if words == "Ada Low")
    assert (one.label, one.made_by, one.suggested_by) == ("GPE", MadeBy.MEMORY, ())
    assert_memory_is_right(store)


def test_changes_of_opinions_by_the_memory_are_counted(store: Store) -> None:
    asked(store, SECOND, [], opinion(SECOND, ("Ada Low", "ORG")))
    assert_index_is_right(store)
    opened = differing(store)
    ada = by_words(opened)["Ada Low", "ORG"]
    press(store, opened, relabel(ada, "GPE"))
    changes = store.forms.corrected_by(opened.article.id, "ada")
    assert changes.articles == 1


def test_a_record_says_who_suggested_what(store: Store) -> None:
    opened = differing(store)
    found = by_words(opened)
    changes = [reject(found["Ada Low", "ORG"]), accept(found["Ada Low", "PERSON"])]
    changes += [accept(found["Port Ellis", "GPE"]), reject(found["Bo Marsh", "PERSON"])]
    press(store, opened, *changes, finish())
    (written,) = records(store, scheme=SCHEME)
    plain = written.to_dict()
    assert {one["text"]: one["suggested_by"] for one in plain["entities"]} == {
        "Ada Low": [PIPELINE],
        "Port Ellis": [PIPELINE, "desk"],
    }
    assert plain["suggesters"] == [
        {"suggester": "desk", "name": "desk-en", "version": "2.0", "hash": "beef"}
    ]
    losses = Losses()
    format_named("csv").write([written], io.BytesIO(), losses)
    assert losses.counts["suggested_by of an entity"] == 2
    assert losses.counts["suggesters"] == 1


def test_an_imported_record_still_says_who_suggested_what(store: Store, tmp_path: Path) -> None:
    theirs = record()
    first, *others = theirs.entities
    named = replace(first, suggested_by=(PIPELINE, "desk"))
    desk = SuggesterId("desk", "desk-en", "2.0", "beef")
    whole = replace(theirs, entities=(named, *others), suggesters=(desk,))
    assert bring_in(store, write(tmp_path / "a.jsonl", [whole]), reviewer="bo").imported == 1
    (back,) = records(store, scheme=SCHEME)
    assert (back.entities, back.suggesters) == (whole.entities, whole.suggesters)


def test_the_report_has_the_precision_of_each(store: Store) -> None:
    opened = differing(store)
    found = by_words(opened)
    press(store, opened, accept(found["Ada Low", "PERSON"]), reject(found["Ada Low", "ORG"]))
    press(store, store.reviews.get(opened.article.id, "ada"), accept(found["Port Ellis", "GPE"]))
    ours, desk = store.statistics.suggesters()
    assert (ours.suggester, sum(ours.outcomes.values(), Outcomes())) == (
        PIPELINE,
        Outcomes(accepted=2, open=1),
    )
    assert desk.outcomes == {"ORG": Outcomes(corrected=1), "GPE": Outcomes(accepted=1)}
    result = report_figures(store, NOW)
    assert [(one["name"], one["precision"]) for one in result["suggesters"]] == [
        (PIPELINE, 1.0),
        ("desk", 0.5),
    ]
    said = "\n".join(report_lines(result))
    assert "pipeline          1         2          0         0     100.0%" in said
    assert "desk              1         1          1         0      50.0%" in said


def test_the_report_says_once_that_a_suggester_failed(store: Store) -> None:
    for text in (TEXT, SECOND):
        asked(store, text, [], opinion(text, problem=f"no answer to {text[:4]}"))
    asked(store, "Nobody.\n", [], opinion("Nobody.\n", dropped=2))
    lines = list(report_lines(report_figures(store, NOW)))
    assert [line for line in lines if line.startswith("desk ") and "opinion" in line] == [
        "desk has no opinion on 2 articles; why it failed last: no answer to Port"
    ]
    assert "2 suggestions of desk were dropped: their labels are not in the label scheme" in lines


def test_a_report_without_suggesters_says_nothing_of_them(store: Store) -> None:
    open_(store, asked(store, TEXT, [("Ada Low", "PERSON")]))
    result = report_figures(store, NOW)
    assert result["suggesters"] == []
    assert "suggester" not in "\n".join(report_lines(result))


def test_a_purged_article_takes_its_opinions_along(store: Store) -> None:
    opened = differing(store)
    store.purge.article(opened.article.id, by="ada", now=NOW)
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.opinion)).scalar() == 0


def test_new_suggestions_bring_new_opinions(store: Store) -> None:
    article = asked(store, TEXT, [("Ada Low", "PERSON")], opinion(TEXT, ("Ada Low", "ORG")))
    store.work.suggest_again([article])
    store.work.lease("worker", limit=10, seconds=60, now=NOW)
    items = (entity(TEXT, "Ada Low", "PERSON"),)
    store.work.attach("worker", [Suggested(article, items, "en")], OURS, now=NOW)
    opened = open_(store, article)
    assert opened.suggesters == ()
    assert opened.review.held["e0"].status is Status.OPEN
