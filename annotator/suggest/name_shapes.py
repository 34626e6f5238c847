"""Word lists that determine the label and the edges of a name by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.lexicon.word_lists import TITLES, words_of

NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC"})
# Labels determined by the last word of a longer name. Ambiguous words are omitted
# ("School", "Museum", "State").
_LAST_WORDS = {
    "ORG": "Party Court Bank University Council Group Navy Army Corporation Institute Congress "
    "Airways Airlines Ministry Association Federation Commission Committee Agency Authority "
    "Foundation Union Company Ltd Ltd. Limited Inc Inc. Corp Corp. LLP LLC PLC plc Bureau Police "
    "Academy Parliament Assembly Senate Club FC Herald Tribune Brigade Brigades Battalion Regiment "
    "Forces Organisation Organization Secretariat Society Network Alliance Coalition Movement "
    "Tribunal Fund Holdings Industries Motors Pharmaceuticals Technologies Ventures Sons Broncos "
    "United Rovers Wanderers",
    "GPE": "Prefecture Province County Governorate Oblast Municipality Emirate Emirates",
    "LOC": "River Sea Ocean Peninsula Desert Mountains Basin Strait Valley Islands Archipelago",
    "FAC": "Airport Hospital Bridge Stadium Street Avenue Road Highway Mosque Church Cathedral "
    "Prison Theatre Theater Park Resort Hotel Zoo Interchange Roundabout Tower Synagogue Temple "
    "Railway Palace Castle Airbase Checkpoint Crossing Boulevard Motorway Plaza Mine Port Dam "
    "Arena Station",
    "LAW": "Act Bill Code Charter Treaty Agreement Accord Accords Amendment Protocol Ordinance "
    "Decree Declaration Pact",
    "EVENT": "Cup Championship Championships Olympics Prix Festival Tournament Marathon Summit War "
    "Revolution Uprising Election Elections Awards",
}
LABEL_OF_LAST_WORD = {word: label for label, row in _LAST_WORDS.items() for word in row.split()}
_FIRST_WORDS = {
    "ORG": "Ministry University Department Bank Institute Embassy Bureau Office Directorate",
    "LOC": "Lake Mount River Cape Gulf Strait",
    "FAC": "Port Hotel Playa",
    "LAW": "Treaty",
    "EVENT": "Battle Siege",
}
LABEL_OF_FIRST_WORD = {word: label for label, row in _FIRST_WORDS.items() for word in row.split()}
# First words that occur only in people's names.
FIRST_OF_PEOPLE = words_of(
    "Abu Abou Umm Abdul Abdel Abdullah Abdallah Mohammed Mohammad Muhammad Mohamed Mahmoud Ahmed "
    "Ahmad Hassan Hussein Mustafa Ibrahim Yousef"
)
# Titles after which any name is a person's.
PERSON_TITLES = frozenset(f"{title.title()}." for title in TITLES) | words_of(
    "Mr Mrs Ms Miss Dr Prof Sir Lady Dame Sheikh Ayatollah Mullah Rabbi Senator Congressman "
    "Congresswoman Ambassador Lieutenant Colonel Brigadier Sergeant Admiral Chancellor "
    "Professor Archbishop President Actor Actress Singer Coach Judge"
)
# Offices before people's names.
HUMAN_TITLES = PERSON_TITLES | words_of(
    "Chairwoman Chairman Mayor Governor Minister Commissioner Spokesman Spokeswoman Captain Sheriff"
    " Councillor Councilor Councilman Councilwoman Congressman Congresswoman Inspector Detective"
)
# Words often wrongly marked as names.
NOT_NAMES = words_of(
    "MP MPs MEP MEPs MK MKs MEC MECs CEO CEOs CFO ATM ATMs GPS IP DNA RNA mRNA HIV AIDS "
    "PPE GDP TV PhD NGO NGOs PCR VAT GST SUV SUVs EV EVs NEV NEVs IT AI ICT SME SMEs MoU "
    "MOU LNG LPG USB UAV UAVs IED IEDs CCTV FAQ VIP PDF SMS SIM LGBT LGBTQ LGBTQ+ DVD ID "
    "IDs PM GMT UTC AM KM Covid COVID Covid-19 COVID-19 Ex Mr Mrs Ms Dr President "
    "Minister Premier Chancellor Ambassador King Queen God Internet Web Constitution Bill "
    "Act Embassy Chair Chairman Chairperson Speaker"
)
NOT_NAMES_OF_TWO = frozenset(("First Lady", "Prime Minister", "Vice President", "Foreign Minister"))
# Words before a language: "in Arabic".
BEFORE_LANGUAGE = words_of("in into speak speaks spoke spoken speaking learn learning")
HYPHENS = frozenset("-–—")
# Hyphenated additions to a name: "US-led", "Beirut-based".
HANGS_ON = words_of(
    "led based backed born style made brokered sponsored supported controlled held "
    "occupied administered owned funded trained educated run linked affiliated allied "
    "imposed mediated mandated dominated wide speaking friendly era origin aligned "
    "drafted listed bound"
)
POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
_POSSESSIVE_END = re.compile(r"(?<=\w)(['’]s)\b")
_EDGE = frozenset("\"'“”‘’«»‹›()[]{},;:!?|*•·/\\_–—-…#>=~")


def as_words(name: str) -> str:
    """`name` with blanks between its tokens: "Al - Tanf"."""
    return _POSSESSIVE_END.sub(r" \1", _INNER_HYPHEN.sub(" - ", name))


def is_no_word(word: str) -> bool:
    """Whether `word` is a mark or a blank, which cannot begin or end a name."""
    return word in _EDGE or word.isspace() or word in POSSESSIVE


def is_short_for(text: str, words: Sequence[str]) -> bool:
    """Whether `text` is the initials of the capitalised words: `OVT`, `OVTs`, `Ovt`."""
    own = "".join(word[0] for word in words if word[0].isupper())
    return len(own) > 1 and text[0].isupper() and text.upper() in (own, f"{own}S")
