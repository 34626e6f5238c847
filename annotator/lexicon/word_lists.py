"""Short lists of words that several parts need: times, titles, helping verbs; in lower case."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words that `text` lists, blanks between them."""
    return frozenset(text.split())


MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# As they are shortened, most often with a full stop.
SHORT_MONTHS = (
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Titles before a name that are written short, often with a full stop: it ends no sentence.
TITLES = words_of("mr mrs ms dr prof gen col maj capt lt sgt cpl adm cmdr gov sen rep rev hon pres")

# Words that look like adverbs of manner and are nouns or adjectives.
NOUNS_IN_LY = words_of(
    "family assembly rally ally reply supply monopoly anomaly jelly belly bully folly lily fly"
    " elderly early daily weekly monthly yearly friendly lovely likely only costly deadly"
)

HAVE = words_of("has have had having")
BE = words_of("is are was were am be been being")
DO = words_of("do does did")
MODALS = words_of("can could may might must shall should will would")
AUXILIARIES = HAVE | BE | DO | MODALS
