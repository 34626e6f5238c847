"""Searches find what stands in the texts of a store and in what is marked there, at any size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Item
from annotator.core.article import identity_of
from annotator.core.decisions import accept, add, reject
from annotator.core.search.folding import words_in
from annotator.core.search.query import Query
from annotator.core.search.sought import Sought
from annotator.errors import ArticleDamaged
from annotator.store.searching.search import FoundArticle
from annotator.store.searching.text_index import empty_index, index_everything
from annotator.store.sql.schema import bring_up_to_date
from annotator.store.store import Store
from tests.helpers.building import NOW, arrival, open_, press, ready, suggest, waiting
from tests.helpers.damage import damage_suggestions
from tests.helpers.hostile_texts import texts
from tests.helpers.importing import bring_in, record, write
from tests.helpers.items import entity, span
from tests.helpers.many_articles import counted, filled
from tests.helpers.older_store import make_older, set_back

FERRY = "The ferry is late, said Ada Low. “We wait,” she added.\n\nBo Marsh denied it.\n"
VOTE = "The vote on the ferry: Bo Marsh said that it was lost.\n"
ODD = ["", '"', "***", "AND", "NEAR(", "a OR b", "words:ferry", "^ferry", "x'); DROP TABLE article",
       "👍", "\\", "'", "ferry'", ":*", "!ferry", "<->", "a" * 10_000, "ferry " * 2000, "\x00", "%",
       "+", "+ +", "-ferry", "{ferry}", "ferry* *", "(", "日本"]  # fmt: skip


def shown(articles: Sequence[FoundArticle]) -> list[str]:
    return [hit.text for article in articles for hit in article.hits]


def found(store: Store, line: str = "", **more: object) -> list[str]:
    """The words of the hits, those of the newest article first."""
    source = more.pop("source", None)
    sought = Sought(Query.of(line), Query.of(str(source)) if source else None, **more)  # type: ignore[arg-type]  # the test's own words
    return shown([*store.search.all(sought)])


def claims(words: str) -> list[Item]:
    """Two claims of a text about the ferry: of Ada Low, and of a pronoun that stands for her."""
    ada = entity(words, "Ada Low", id="e1")
    one = Claim("c1", (span(words, "The ferry is late"),), (span(words, "said"),), (ada.span,))
    two = Claim(
        "c2", (span(words, "“We wait,”"),), (span(words, "added"),), (span(words, "she"),),
        source_entity="e1",
    )  # fmt: skip
    return [ada, entity(words, "Bo Marsh", id="e2"), one, two]


def test_the_newest_article_comes_first(store: Store) -> None:
    waiting(store, FERRY)
    ready(store, VOTE)
    articles = [*store.search.all(Sought(Query.of("ferry")))]
    assert [one.id for one in articles] == [identity_of(VOTE), identity_of(FERRY)]
    assert [one.name for one in articles] == [VOTE.strip(), FERRY.split("\n")[0]]


def test_phrases_and_words_in_one_paragraph(store: Store) -> None:
    waiting(store, FERRY, VOTE)
    assert found(store, "bo marsh") == ["Bo Marsh", "Bo Marsh"]
    assert found(store, "marsh bo") == []
    assert found(store, "ferry + mars*") == ["ferry", "Marsh"]


@pytest.mark.parametrize("line", ODD, ids=range(len(ODD)))
def test_no_line_is_an_error(store: Store, line: str) -> None:
    ready(store, FERRY, claims(FERRY))
    for sought in (
        Sought(Query.of(line)),
        Sought(source=Query.of(line)),
        Sought(Query.of(line), in_cues=True),
        Sought(Query.of(line), label="PERSON"),
    ):
        for hit in shown([*store.search.all(sought)]):
            assert hit in FERRY


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(words=texts.filter(lambda words: words.isprintable() and words.strip()))
def test_every_word_of_every_text_is_found(store: Store, words: str) -> None:
    waiting(store, words)
    for word in [*words_in(words)][:8]:
        wanted = Sought(Query.of(words[word.start : word.end]))
        articles = {one.id: one for one in store.search.all(wanted)}
        assert (word.start, word.end) in {
            (hit.span.start, hit.span.end) for hit in articles[identity_of(words)].hits
        }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(line=st.one_of(texts, st.sampled_from(["the", "said + it", "f*", "marsh den*"])))
def test_hits_stand_at_their_offsets(store: Store, line: str) -> None:
    waiting(store, FERRY, VOTE)
    for article in store.search.all(Sought(Query.of(line))):
        whole = store.articles.get(article.id).text
        for hit in article.hits:
            start, end = hit.span.start, hit.span.end
            assert whole[start:end] == hit.text
            assert whole[start - len(hit.left) : end + len(hit.right)] == (
                f"{hit.left}{hit.text}{hit.right}"
            )


def test_claims_of_a_source_are_those_of_its_pronouns_too(store: Store) -> None:
    ready(store, FERRY, claims(FERRY))
    assert found(store, source="ada low") == ["The ferry is late", "“We wait,”"]
    assert found(store, "ferry", source="low") == ["The ferry is late"]
    assert found(store, source="bo marsh") == []


def test_words_in_cues_and_entities(store: Store) -> None:
    ready(store, FERRY, claims(FERRY))
    assert found(store, "said", in_cues=True) == ["said"]
    assert found(store, "denied", in_cues=True) == []
    assert found(store, "marsh", label="PERSON") == ["Bo Marsh"]
    assert found(store, "marsh", label="ORG") == []
    assert found(store, label="PERSON") == ["Ada Low", "Bo Marsh"]
    assert found(store, "ferry", in_entities=True) == []


def test_reviewed_items_count_rather_than_suggested_ones(store: Store) -> None:
    article = ready(store, FERRY, claims(FERRY))
    opened = open_(store, article)
    low, marsh = (item for item in opened.review.items if item.id in ("e1", "e2"))
    opened = press(store, opened, reject(low), accept(marsh))
    press(store, opened, add(entity(FERRY, "ferry", "VEHICLE", id="new")))
    assert found(store, label="PERSON") == ["Bo Marsh"]
    assert found(store, label="VEHICLE") == ["ferry"]
    second = open_(store, article, "bo", reviews_per_article=2)
    press(store, second, accept(next(i for i in second.review.items if i.id == "e2")))
    assert found(store, label="PERSON") == ["Ada Low", "Bo Marsh"]  # bo has not rejected her


def test_earlier_texts_are_left_out_as_in_the_queue(store: Store) -> None:
    store.files.take_in([arrival("/inbox/a.txt", FERRY)])
    store.files.take_in([arrival("/inbox/a.txt", FERRY.replace("denied", "confirmed"), inode=2)])
    assert found(store, "ferry") == ["ferry"]
    assert found(store, "denied") == []


def test_imported_articles_are_found(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "one.jsonl", [record(1), record(2)]), reviewer="carol")
    assert found(store, "2th") == ["2th"]
    assert found(store, label="GPE") == ["Port Ellis", "Port Ellis"]


def test_a_purged_article_is_not_in_the_index(store: Store) -> None:
    gone = ready(store, FERRY, claims(FERRY))
    waiting(store, VOTE)
    store.purge.article(gone, by="carol", now=NOW)
    assert found(store, "late") == []
    assert found(store, "ferry") == ["ferry"]
    assert indexed(store) == {word.key for word in words_in(VOTE)}


def test_the_number_of_a_purged_article_can_be_given_again(store: Store) -> None:
    waiting(store, VOTE)
    gone = ready(store, FERRY)
    store.purge.article(gone, by="carol", now=NOW)
    waiting(store, "A new text.")
    assert found(store, "new") == ["new"]
    assert found(store, "late") == []


def test_pages_go_on_where_the_last_one_ended(store: Store) -> None:
    waiting(store, *(f"Ferry {n} is late, and ferry {n} is full." for n in range(30)))
    sought = Sought(Query.of("ferry"))
    first = store.search.page(sought, hits=8)
    assert [len(one.hits) for one in first.articles] == [2, 2, 2, 2]
    second = store.search.page(sought, before=first.before, hits=100)
    assert second.before is None
    ids = [one.id for one in (*first.articles, *second.articles)]
    assert ids == [one.id for one in store.search.all(sought)]
    assert len(set(ids)) == 30


def test_a_long_search_goes_through_every_article(store: Store) -> None:
    waiting(store, *(f"Ferry number {n} sails." for n in range(450)))
    assert len(found(store, "ferry number")) == 450
    page = store.search.page(Sought(Query.of("ferry")), hits=10_000)
    assert len(page.articles) == 200


def test_a_damaged_article_is_named_and_left_out(store: Store) -> None:
    bad = ready(store, FERRY, claims(FERRY))
    ready(store, VOTE, [entity(VOTE, "Bo Marsh")])
    damage_suggestions(store, bad)
    told: list[ArticleDamaged] = []
    sought = Sought(label="PERSON")
    assert shown([*store.search.all(sought, damaged=told.append)]) == ["Bo Marsh"]
    assert len(told) == 1
    with pytest.raises(ArticleDamaged):
        list(store.search.all(sought))


def test_texts_of_an_older_database_are_indexed_by_the_upgrade(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    make_older(file, articles=450)
    steps: list[tuple[int, int]] = []
    Store.migrate(f"sqlite:///{file}", lambda done, total: steps.append((done, total)))
    assert steps == [(200, 450), (400, 450), (450, 450), (450, 450)]  # the last: for the lists
    store = Store.open(f"sqlite:///{file}", upgrade=False)
    assert len(found(store, "harbour mast*")) == 450
    store.close()


def test_an_index_of_other_words_is_made_anew_by_the_upgrade(store: Store) -> None:
    waiting(store, "🇸🇪🇳🇴 ﾎﾞｰﾄ wins.")
    with store.database.writing() as connection:
        empty_index(connection)
        set_back(connection, "0012")
    assert bring_up_to_date(store.database)[0] == "0012"
    assert found(store, "🇸🇪") == ["🇸🇪"]
    assert found(store, "ボート") == ["ﾎﾞｰﾄ"]
    assert found(store, "🇪🇳") == []


def test_an_index_made_anew_is_the_same(store: Store) -> None:
    ready(store, FERRY, claims(FERRY))
    waiting(store, VOTE)
    before = indexed(store)
    with store.database.writing() as connection:
        index_everything(connection)
    assert indexed(store) == before
    suggest(store, {})
    assert found(store, "vote") == ["vote"]


LONG = " ".join(f"word{n}" for n in range(60_000))


def test_a_very_long_text_is_indexed_whole(store: Store) -> None:
    waiting(store, LONG, VOTE)
    assert found(store, "word7 word8") == ["word7 word8"]
    assert found(store, "word7 + word59999") == ["word7", "word59999"]


@pytest.mark.parametrize("line", ["ferry", "nobody was hurt", "vote + spring", "part 77"])
def test_the_cost_of_a_search_is_the_same_at_any_size(
    stores: tuple[Store, Store], line: str
) -> None:
    steps = []
    for store in stores:
        with counted(store) as work:
            store.search.page(Sought(Query.of(line)), hits=50)
        steps.append(work.steps)
    assert 0 < steps[1] < 3 * steps[0]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same kind of store twice, one of them forty times as large."""
    folder = tmp_path_factory.mktemp("sizes")
    made = filled(folder, 100), filled(folder, 4_000)
    for store in made:
        with store.database.writing() as connection:
            index_everything(connection)
    return made


def indexed(store: Store) -> set[str]:
    """Every word in the index."""
    with store.database.writing() as connection:
        if store.database.is_sqlite:
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, article_words, row)"
            )
            rows = connection.exec_driver_sql("SELECT term FROM temp.seen").scalars().all()
            connection.exec_driver_sql("DROP TABLE temp.seen")
        else:
            rows = connection.exec_driver_sql(
                "SELECT unnest(tsvector_to_array(words)) FROM article_words"
            ).scalars().all()  # fmt: skip
    return set(rows)
