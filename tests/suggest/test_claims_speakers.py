"""Each quotation goes to the speaker beside it and to nobody else."""

from __future__ import annotations

import pytest

from tests.helpers.claim_docs import Words, claims_in, words_in


@pytest.mark.parametrize(
    ("beside", "source"),
    [
        ("{} -Commissioner Geoffrey Hale", "Commissioner Geoffrey Hale"),
        ("{} — Commissioner Geoffrey Hale", "Commissioner Geoffrey Hale"),
        ("{}\n\n— Commissioner Geoffrey Hale", "Commissioner Geoffrey Hale"),
        ("{}\n\n- Geoffrey Hale, commissioner", "Geoffrey Hale, commissioner"),
        ("And from Chairwoman Nora Hale:\n\n{}", "Chairwoman Nora Hale"),
        ("This from Nora Hale, by mail:\n\n{}", "Nora Hale"),
        ("But Peter Roe, of the harbour board:\n\n{}", "Peter Roe, of the harbour board"),
        (
            "From the desk of John Roe, deputy editor, Harbour Ledger.\n\n{}",
            "John Roe, deputy editor, Harbour Ledger",
        ),
        ("A letter from the harbour board\n\n{}", "the harbour board"),
        ("Statement by Nora Hale\n\n{}", "Nora Hale"),
        ("{}\nNora Hale, mayor of Halden", "Nora Hale, mayor of Halden"),
        ("Nora Hale, mayor of Halden\n\n{}", "Nora Hale, mayor of Halden"),
        ("{}\n\n– Nora Hale, mayor of Halden, on Friday", "Nora Hale, mayor of Halden"),
        ("{} (Nora Hale, mayor)", "Nora Hale, mayor"),
        ("Mayor on bridge: {}", "Mayor"),
        ("Mayor Nora Hale, in a letter to the council:\n\n{}", "Mayor Nora Hale"),
        ("From our correspondent in Oslo, Ada Low:\n\n{}", "our correspondent in Oslo, Ada Low"),
    ],
)
def test_a_name_beside_a_quotation_is_its_source(beside: str, source: str) -> None:
    quotation = "“The town will be served well by her work.”"
    text = f"The vote is over.\n\n{beside.format(quotation)}\n\nThe vote was in June."
    assert [one.source for one in words_in(text) if one.content == quotation] == [source]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ('"We have no wood left," grumbled Maria, lying on the bench.', "Maria"),
        ('"It is so cold in here!" sighed Helen, looking down at her hands.', "Helen"),
        ('"We still have each other," said Beth contentedly from her corner.', "Beth"),
        ('"We shall see," said the nurse with a shrug.', "the nurse"),
        ('"We wait here," said Ada Low, her eyes on the road.', "Ada Low"),
        ('"We shall see," said Jon Berg, dressed in black.', "Jon Berg"),
        ('"We wait here," said Ada Low again.', "Ada Low"),
        ('"We wait here," said the mayor in a statement.', "the mayor"),
        # What belongs to the name stays.
        ('"We wait here," said Jon Berg, now mayor of Halden.', "Jon Berg, now mayor of Halden"),
        ('"We go," said a driver, who gave only his name.', "a driver, who gave only his name"),
        ('"We go," said the ministry of roads and ports.', "the ministry of roads and ports"),
        ('"We go," said officials from the ministry.', "officials from the ministry"),
    ],
)
def test_a_source_excludes_the_manner_of_speaking(text: str, source: str) -> None:
    assert [one.source for one in words_in(text)] == [source]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "'We will not go back,' Nora Hale told the BBC. 'It's our home, and it's where our "
            "children's friends are.'",
            "'We will not go back,' | 'It's our home, and it's where our children's friends are.'",
        ),
        (
            "‘We will not go back,’ Nora Hale said. ‘It’s our home.’",
            "‘We will not go back,’ | ‘It’s our home.’",
        ),
        ("'The workers' homes are gone,' Nora Hale said.", "'The workers' homes are gone,'"),
        ("'They said “go home” and I did,' Nora Hale said.", "'They said “go home” and I did,'"),
        (
            "'It was dark.\n\n'Then the lights went out,' said Nora Hale.",
            "'It was dark. | 'Then the lights went out,'",
        ),
    ],
)
def test_single_quotation_marks_work_like_double_ones(text: str, expected: str) -> None:
    one, *_ = words_in(text)
    assert (one.source, one.content) == ("Nora Hale", expected)
    assert claims_in(text)[0].quotation == "direct"


@pytest.mark.parametrize(
    "text",
    [
        "Back in the '90s the workers' union said the bridge was safe.",
        "The residents' group said the drivers' strike was over.",
        "‘Abd al-Rahman said that the leaders’ houses were burnt.",
        "He said 'tis the season and the ships' crews agreed.",
        "Rock 'n' roll was the boys' thing, said Nora Hale.",
    ],
)
def test_an_apostrophe_is_not_a_quotation_mark(text: str) -> None:
    assert {claim.quotation for claim in claims_in(text)} <= {"indirect"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nora Hale began talking to Peter Roe. “The bridge is shut.” He nodded.",
            Words("Nora Hale", "", "“The bridge is shut.”"),
        ),
        ("“We shall see,” Berg shrugged.", Words("Berg", "shrugged", "“We shall see,”")),
        ("“Nobody came,” the old man wheezed.", Words("the old man", "wheezed", "“Nobody came,”")),
        ("“We wait here!” laughed Ada Low.", None),
        ("The room was empty. “Nobody came here.”", Words("", "", "“Nobody came here.”")),
        (
            "“It is too late to pay for it now.”",
            Words("", "", "“It is too late to pay for it now.”"),
        ),
    ],
)
def test_a_quotation_without_a_verb_of_saying_is_a_claim(text: str, expected: Words | None) -> None:
    found = words_in(text)
    assert len(found) == 1
    assert expected is None or found == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harbour bridge unsafe: engineers", ("engineers", ":", "Harbour bridge unsafe")),
        ("Bridge to close for a year – mayor", ("mayor", "–", "Bridge to close for a year")),
        ("Storm kills twelve in Halden - police", ("police", "-", "Storm kills twelve in Halden")),
        (
            "Council has lied about bridge: Peter Roe",
            ("Peter Roe", ":", "Council has lied about bridge"),
        ),
        ("Half of all roads worn out: report", ("report", ":", "Half of all roads worn out")),
        ("Bridge 'will fall', says mayor", ("mayor", "says", "Bridge 'will fall'")),
    ],
)
def test_a_headline_may_end_with_its_source(text: str, expected: tuple[str, str, str]) -> None:
    assert words_in(text + "\n\nThe bridge is old.") == [expected]


@pytest.mark.parametrize(
    "text",
    ["Things to know today: Iraq", "Weather for Halden: rain", "Where we stand: a summary of it"],
)
def test_a_headline_with_a_topic_is_not_a_claim(text: str) -> None:
    assert words_in(text + "\n\nThe bridge is old.") == []


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        (
            "At least 12 people died, according to Al Jazeera, citing local medics.",
            "Al Jazeera",
            "At least 12 people died",
        ),
        (
            "According to Al Jazeera, citing local medics, 12 people died.",
            "Al Jazeera",
            "12 people died",
        ),
        (
            "Twelve people died, Al Jazeera said, citing local medics.",
            "Al Jazeera",
            "Twelve people died",
        ),
        (
            "Al Jazeera said twelve people died, citing local medics.",
            "Al Jazeera",
            "twelve people died",
        ),
        (
            "According to the police, driving at night is dangerous.",
            "the police",
            "driving at night is dangerous",
        ),
        (
            "The road is shut, according to the mayor, speaking in Halden.",
            "the mayor",
            "The road is shut",
        ),
    ],
)
def test_the_person_cited_is_not_content(text: str, source: str, content: str) -> None:
    assert [(one.source, one.content) for one in words_in(text)] == [(source, content)]


@pytest.mark.parametrize(
    "title", ["", "Mayor ", "Foreign Minister ", "Dr ", "Gen. ", "Spokeswoman "]
)
@pytest.mark.parametrize(
    "sentence",
    [
        "{}Nora Hale said {}Peter Roe warned that the bridge was unsafe.",
        "{}Nora Hale said that {}Peter Roe had told them the bridge was unsafe.",
        "{}Nora Hale told reporters that {}Peter Roe said the bridge was unsafe.",
        "{}Nora Hale added that {}Peter Roe had claimed the bridge was unsafe.",
    ],
)
def test_a_title_keeps_outer_and_nested_claims(sentence: str, title: str) -> None:
    outer, inner = words_in(sentence.format(title, title))
    assert outer.source == f"{title}Nora Hale".strip()
    assert inner.source.endswith("Peter Roe")
    assert inner.content.removeprefix("that ") in outer.content
    assert "Peter Roe" in outer.content


def test_a_nested_speaker_is_not_part_of_the_source() -> None:
    outer, inner = words_in("According to Dr Nora Hale, Mayor Peter Roe said the road was open.")
    assert (outer.source, outer.content) == (
        "Dr Nora Hale",
        "Mayor Peter Roe said the road was open",
    )
    assert (inner.source, inner.content) == ("Mayor Peter Roe", "the road was open")


@pytest.mark.parametrize(
    "text",
    [
        "Having said that, the army will leave the town in May.",
        "That said, the army will leave the town in May.",
        "That being said, the army will leave the town in May.",
        "Needless to say, the army will leave the town in May.",
        "To say nothing of the road, the army will leave the town in May.",
    ],
)
def test_a_set_phrase_is_not_a_claim(text: str) -> None:
    assert words_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“The bridge is unsafe,” was said in the hall.",
        "Asked to describe the bridge, said that it was unsafe.",
        "It was said that the bridge was unsafe.",
        "Said that the bridge was unsafe and would be shut.",
        "In the hall was claimed that the bridge would fall.",
    ],
)
def test_a_claim_without_source_is_never_tier_a(text: str) -> None:
    assert all(claim.tier == "B" for claim in claims_in(text) if not claim.source)


@pytest.mark.parametrize(
    ("headline", "source", "content"),
    [
        ("‘You lied to us’: Hale attacks council", "Hale", "‘You lied to us’"),
        ("'We are done': Mayor quits over bridge", "Mayor", "'We are done'"),
        ("“We will not pay”: Nora Hale slams council", "Nora Hale", "“We will not pay”"),
        ("Hale to Roe: ‘You lied to us’", "Hale", "‘You lied to us’"),
        ("Engineers: harbour bridge unsafe", "Engineers", "harbour bridge unsafe"),
    ],
)
def test_a_quoting_headline_names_its_source(headline: str, source: str, content: str) -> None:
    found = words_in(headline + "\n\nThe bridge is old.")
    assert (source, content) in [(one.source, one.content) for one in found]


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("“It is over,” said Maria, lying on a mattress.", "Maria"),
        ("“It is over,” said Beth contentedly from her corner.", "Beth"),
        ("“It is over,” said Jon Berg, 34, a baker, wiping his eyes.", "Jon Berg, 34, a baker"),
        (
            "“It is over,” said the captain, who had not slept for days, before he left.",
            "the captain, who had not slept for days",
        ),
        ("“It is over,” said the engineer, Ada Low.", "the engineer, Ada Low"),
        ("“It is over,” said Ada Low, Halden's mayor.", "Ada Low, Halden's mayor"),
        (
            "“It is over,” said Peter Roe, “the iron mayor” of Halden.",
            "Peter Roe, “the iron mayor” of Halden",
        ),
        (
            "The union's leader, Jon Berg, speaking from his car, said it was over.",
            "The union's leader, Jon Berg",
        ),
        ("The driver, working for Nordbank, said it was over.", "The driver, working for Nordbank"),
        ("Asked by a reporter, Jon Berg, the captain, said it was over.", "Jon Berg, the captain"),
        ("Mayor of London Ada Low said it was over.", "Mayor of London Ada Low"),
        (
            "President Jon Berg, on a visit to Norwegian troops in Chad, said that it was over.",
            "President Jon Berg",
        ),
        ("Secretary of State Jon Berg said it was over.", "Secretary of State Jon Berg"),
    ],
)
def test_a_source_ends_with_its_description(said: str, source: str) -> None:
    assert [one.source for one in words_in(said)] == [source]
