"""The shipped pipeline fine-tuned on invented reviews of one subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from annotator.core.annotations import Entity, Junk, JunkKind, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.errors import ModelError
from annotator.formats.jsonl import records_in
from annotator.settings import shipped_gold
from annotator.suggest.encoder.encoder_pipe import EncoderPipe
from annotator.suggest.encoder.runtime import gelu
from annotator.suggest.numbers import RULE_LABELS
from annotator.suggest.pipeline import Pipeline, load
from annotator.training.own_reviews.fine_tuning import FineTuned, encoder_in, fine_tune
from annotator.training.own_reviews.holding_out import divided, usable
from annotator.training.own_reviews.lessons import Lesson, lesson_of, not_learnt
from annotator.training.own_reviews.names_head import HeadCourse
from tests.benchmarks.own_reviews import poisoned
from tests.benchmarks.subject import records
from tests.helpers.claim_docs import shipped, shipped_pipeline
from tests.helpers.ingesting import save_quick_pipeline

REVIEWS = 12
TEXT = "Ada Low left Port Ellis on Friday.\n\nPhoto: Bo Marsh\n"


def encoder() -> EncoderPipe:
    return encoder_in(shipped_pipeline())


def reviewed(*entities: Entity, **changes: object) -> Record:
    record = replace(next(records(1, 1)), article=Article(TEXT, "", "en"), claims=())
    return replace(record, entities=entities, **changes)  # type: ignore[arg-type]  # several types


def named(words: str, label: str, verdict: Verdict = Verdict.ACCEPTED) -> Entity:
    start = TEXT.index(words)
    return Entity(words, Span(start, start + len(words)), label, verdict=verdict)


def tags_in(record: Record) -> list[str]:
    """The tags of the words that the head learns."""
    lesson = lesson_of(record, shipped(), encoder())
    return [encoder().name_tags.tags[tag] for tag in lesson.tags]


def test_every_word_of_the_article_is_learnt_with_its_tag() -> None:
    record = reviewed(named("Ada Low", "PERSON"), named("Port Ellis", "GPE"))
    first = ["B-PERSON", "I-PERSON", "O", "B-GPE", "I-GPE", "O", "O", "O"]
    assert tags_in(record) == first + ["O"] * 4


def test_open_items_and_junk_are_not_learnt() -> None:
    line = TEXT.index("Photo")
    record = reviewed(
        named("Ada Low", "PERSON", Verdict.PENDING),
        junk=(Junk("j", Span(line, len(TEXT) - 1), JunkKind.CREDIT_LINE, verdict=Verdict.ADDED),),
        unknown=(Span(TEXT.index("Friday"), TEXT.index("Friday") + 6),),
    )
    assert tags_in(record) == ["O"] * 5


def test_the_head_learns_not_to_name_what_has_another_kind_of_label() -> None:
    record = reviewed(named("Port Ellis", "VEHICLE"), named("Friday", "DATE"), named("Low", "SHIP"))
    assert set(tags_in(record)) == {"O"}
    assert not_learnt([record], encoder(), RULE_LABELS) == {"SHIP": 1}


def test_words_are_read_as_the_component_reads_them() -> None:
    (record,) = records(1, seed=3)
    lesson = lesson_of(record, shipped(), encoder())
    doc = shipped().make_doc(record.article.text)
    weights, bio = encoder().head_weights, encoder().name_tags
    inner = gelu(lesson.inputs(weights) @ weights["names.mid.weight"] + weights["names.mid.bias"])
    scores = inner @ weights["names.out.weight"] + weights["names.out.bias"]
    words = [token for token in doc if not token.is_space]
    names = [
        (words[start].i, words[end - 1].i + 1, label)
        for start, end, label in bio.names(bio.best(scores))
    ]
    assert len(lesson) == len(words)
    assert names == [(ent.start, ent.end, ent.label_) for ent in encoder()(doc).ents]


def train(reviews: Sequence[Record], pipeline: Pipeline) -> FineTuned:
    gold = [record for file in shipped_gold()[:3] for record in records_in(file)]
    return fine_tune(
        pipeline, divided(usable(reviews), {}), gold, HeadCourse(epochs=6), lambda *_: None
    )


@pytest.fixture(scope="module")
def trained() -> tuple[Pipeline, FineTuned]:
    pipeline = load()
    return pipeline, train(list(records(REVIEWS, seed=1)), pipeline)


def test_articles_of_the_subject_get_better_and_others_hardly_worse(
    trained: tuple[Pipeline, FineTuned],
) -> None:
    _, found = trained
    assert found.held_out.difference.value > 0.05
    assert found.general.difference.value >= -0.01
    assert (found.held_out.articles, found.general.articles) == (2, 3)


def test_the_files_make_the_pipeline_that_was_measured(
    trained: tuple[Pipeline, FineTuned],
) -> None:
    pipeline, found = trained
    assert set(found.files()) == {
        "annotator_encoder/heads.msgpack",
        "annotator_scores/weights.json",
    }
    heads = encoder_in(pipeline).head_weights
    changed = {
        name for name in heads if not np.array_equal(heads[name], encoder().head_weights[name])
    }
    assert changed == {
        f"names.{part}.{kind}" for part in ("mid", "out") for kind in ("weight", "bias")
    }


def test_reviews_with_shuffled_labels_are_refused() -> None:
    with pytest.raises(ModelError, match="nothing was written"):
        train(poisoned(list(records(REVIEWS, seed=1))), load())


def test_a_pipeline_without_an_encoder_says_so(tmp_path) -> None:  # type: ignore[no-untyped-def]
    save_quick_pipeline(tmp_path)
    with pytest.raises(ModelError, match="no encoder"):
        encoder_in(load(tmp_path))


def test_progress_counts_to_its_end_and_an_interruption_ends_it() -> None:
    shown: list[tuple[int, int]] = []

    def stop_in_the_middle(done: int, total: int) -> None:
        shown.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    reviews = divided(usable(records(REVIEWS, seed=1)), {})
    gold = [record for file in shipped_gold()[:1] for record in records_in(file)]
    with pytest.raises(KeyboardInterrupt):
        fine_tune(shipped_pipeline(), reviews, gold, HeadCourse(), stop_in_the_middle)
    assert [done for done, _ in shown] == [1, 2, 3]


def test_a_lesson_of_nothing_is_empty() -> None:
    record = replace(reviewed(), unknown=(Span(0, len(TEXT) - 1),))
    assert isinstance(lesson_of(record, shipped(), encoder()), Lesson)
    assert len(lesson_of(record, shipped(), encoder())) <= 1
