"""Difficult names: in headlines, before offices, beside numbers and months."""

from __future__ import annotations

import pytest
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.suggest.pipeline import add_missing
from tests.helpers.claim_docs import shipped, words_in


def names(text: str) -> dict[str, str]:
    return {ent.text: ent.label_ for ent in shipped()(text).ents}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S.-led coalition met.", {"U.S.": "GPE"}),
        ("The U.N.-mandated force met.", {"U.N.": "ORG"}),
        ("A U.K.-based firm met the non-U.S. forces.", {"U.K.": "GPE", "U.S.": "GPE"}),
        ("The US-led coalition met.", {"US": "GPE"}),
        ("US Defense Secretary Jim Hill left.", {"US": "GPE", "Jim Hill": "PERSON"}),
        ("UK Foreign Secretary Ann Low left.", {"UK": "GPE", "Ann Low": "PERSON"}),
        ("U.S. Energy Secretary Jim Hill left.", {"U.S.": "GPE", "Jim Hill": "PERSON"}),
        ("The US State Department said so.", {"US State Department": "ORG"}),
        ("Former minister for Women and Equalities Nora Hale left.", {"Nora Hale": "PERSON"}),
        ("The minister for Health and Social Care, Nora Hale, left.", {"Nora Hale": "PERSON"}),
        ("And from Chairwoman Nora Hale:", {"Nora Hale": "PERSON"}),
        ("The army will leave the town in May.", {"May": "DATE"}),
        ("It came in Oct. and left in June.", {"Oct.": "DATE", "June": "DATE"}),
        ("The leader, April Jones, said so.", {"April Jones": "PERSON"}),
        ("Gen Hale left.", {"Hale": "PERSON"}),
        ("Minister of Health and Welfare Nora Hale left.", {"Nora Hale": "PERSON"}),
        ("WASHINGTON: The road is shut.", {"WASHINGTON": "GPE"}),
        ("The mid-1990s were quiet.", {"mid-1990s": "DATE"}),
        (
            "Two T-72 tanks and S-400 missiles were seen.",
            {"Two": "CARDINAL", "T-72": "VEHICLE", "tanks": "VEHICLE", "S-400": "WEAPON"}
            | {"missiles": "WEAPON"},
        ),
        (
            "The USS Carney shot down Shahed-136 drones.",
            {"USS Carney": "VEHICLE", "Shahed-136": "VEHICLE", "drones": "VEHICLE"},
        ),
        ("Six Iskander-M were seen.", {"Six": "CARDINAL", "Iskander-M": "WEAPON"}),
    ],
)
def test_a_name_has_the_right_edges_and_label(text: str, expected: dict[str, str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Moody's Withdraws The Issuer Rating Of Harbour Bank", {"Moody's": "ORG"}),
        ("UpSnap Announces Full Year And Third Quarter Results", {"UpSnap": "ORG"}),
        ("Harbour Slams Council For Not Repairing Pier", {}),
        ("Mayor Warns Bridge Could Fall", {}),
        ("Nora Hale Slams Council Over Bridge Delay", {"Nora Hale": "PERSON"}),
        ("Council Rejects Plan To Close Bridge, Says Mayor", {}),
    ],
)
def test_names_exclude_verbs_of_headlines(headline: str, expected: dict[str, str]) -> None:
    found = names(f"{headline}\n\nThe bridge is old.")
    assert {word: found.get(word) for word in expected} == expected
    verbs = ("Withdraws", "Announces", "Slams", "Warns", "Rejects", "Says")
    assert not any(verb in name for name in found for verb in verbs)


@pytest.mark.parametrize(
    ("headline", "source", "content"),
    [
        ("Mayor Warns Bridge Could Fall", "Mayor", "Bridge Could Fall"),
        ("Police Chief Says Bridge Will Be Shut", "Police Chief", "Bridge Will Be Shut"),
        ("Council Rejects Plan for Bridge, Says Mayor", "Mayor", "Council Rejects Plan for Bridge"),
        ("Mayor warns bridge could fall", "Mayor", "bridge could fall"),
        ("Nora Hale Insists Bridge Must Be Closed", "Nora Hale", "Bridge Must Be Closed"),
    ],
)
def test_a_headline_in_capitals_has_its_claim(headline: str, source: str, content: str) -> None:
    one, *within = words_in(f"{headline}\n\nThe bridge is old.")
    assert (one.source, one.content) == (source, content)
    assert all(inner.source in content and inner.content in content for inner in within)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the Pentagon said so", "Pentagon"),
        ("The White Helmets said so", "White Helmets"),
        ("the Harbour Bank said so", "Harbour Bank"),
        ("The Hague said so", "The Hague"),
        ("the European Union 's said so", "European Union"),
    ],
)
def test_names_of_a_stock_pipeline_exclude_articles(words: str, expected: str) -> None:
    nlp = _marking(
        len(expected.split()) if expected == "The Hague" else words.split().index("said")
    )
    assert [ent.text for ent in nlp(words).ents] == [expected]


def _marking(length: int) -> Language:
    """A pipeline whose recogniser takes the first words of every text for one organisation."""
    nlp = English()

    def mark(doc: Doc) -> Doc:
        doc.ents = (Span(doc, 0, length, label="ORG"),)
        return doc

    Language.component(f"first_{length}_words", func=mark)
    nlp.add_pipe(f"first_{length}_words")
    add_missing(nlp)
    return nlp
