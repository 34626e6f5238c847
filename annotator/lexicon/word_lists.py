"""Short word lists that several modules share: times, titles, auxiliaries; in lower case."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words in `text`, separated by blanks."""
    return frozenset(text.split())


MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# Abbreviations, usually with a full stop.
SHORT_MONTHS = (
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Abbreviated titles before a name, often with a full stop that does not end a sentence.
TITLES = words_of("mr mrs ms dr prof gen col maj capt lt sgt cpl adm cmdr gov sen rep rev hon pres")

# Titles and ranks in full, which are no part of a person's name.
TITLES_IN_FULL = words_of(
    "president premier chancellor minister senator governor mayor ambassador secretary speaker"
    " judge general admiral colonel major captain lieutenant sergeant corporal marshal commander"
    " brigadier professor doctor reverend bishop archbishop cardinal rabbi imam sheikh king"
    " queen prince princess sir mister prime"
)

# Words before a number that make it approximate.
HEDGES = (
    "about", "around", "approximately", "some", "nearly", "almost", "roughly", "more than",
    "less than", "fewer than", "at least", "at most", "up to", "over", "under", "as many as",
)  # fmt: skip

# Nouns and adjectives that look like adverbs of manner.
NOUNS_IN_LY = words_of(
    "family assembly rally ally reply supply monopoly anomaly jelly belly bully folly lily fly"
    " elderly early daily weekly monthly yearly friendly lovely likely only costly deadly"
)

HAVE = words_of("has have had having")
BE = words_of("is are was were am be been being")
DO = words_of("do does did")
MODALS = words_of("can could may might must shall should will would")
AUXILIARIES = HAVE | BE | DO | MODALS
