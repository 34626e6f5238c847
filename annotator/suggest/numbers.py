"""Component for entities that need no training: dates, times, amounts, counts, weapons, vehicles,
and listed names that the entity recogniser missed.

Each word is mapped to one letter for its kind, and one regular expression over these letters finds
the numbers; so the cost is one dictionary lookup per word, not patterns tried at every word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.lexicon.word_lists import MONTHS, SHORT_MONTHS, WEEKDAYS
from annotator.suggest import gazetteer

RULE_LABELS = (
    "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "WEAPON", "VEHICLE",
)  # fmt: skip
# The key of the recogniser's entities before rules and consistency change them.
RECOGNISED = "annotator_recognised"
_KINDS_KEPT = 200_000
_OTHER, _TAKEN = ".", "#"

_SHORT = {month.title() for month in SHORT_MONTHS}
_MONTH_FORMS = (
    {form for month in MONTHS for form in (month.title(), month.upper())}
    | _SHORT
    | {f"{month}." for month in _SHORT}
)
_ALSO_WORDS = {"May", "MAY", "MARCH"} | (_SHORT - {"Sept", "Oct", "Nov"})

# Kind -> case-sensitive words (months and days have other meanings in lower case).
_AS_WRITTEN = {
    "M": "|".join(_MONTH_FORMS - _ALSO_WORDS),
    # Months that are also words count only beside a day, a year or a preposition.
    "m": "|".join(_ALSO_WORDS),
    "W": "|".join(day.title() + ending for day in WEEKDAYS for ending in ("", "s")),
    "C": "USD|EUR|GBP|JPY|CNY|RMB|INR|AUD|CAD|NZD|ZAR|NGN|KES|AED|SAR|Rs|Rs.|RM|KD|SR|R|Sh|Ksh|"
    "KSh|Sh.|GH¢|GHS|P|Bs|Bs.|Php|PHP|THB|KRW|TWD|MYR|SGD|IDR|COP|MXN|ARS|CLP|"
    "BRL|PEN|UYU|CRC|HNL|NIO|CUC|CUP|XCD|JMD|TTD|EGP|MAD|DZD|LYD|SYP|LBP|IQD|IRR|ILS|TRY|UAH|RUB",
    # Only before the sign itself, as a separate token.
    "G": "NT|HK|NZ|US|S|C",
    "$": "$|€|£|¥|₹|₽|₦|₩|₪|₱|฿|₫|₴|₡|¢|US$|NT$|HK$|A$|AU$|NZ$|C$|CA$|S$|R$|Z$|J$|EC$|TT$|B$|MX$",
}
# Kind -> words in any spelling.
_IN_SMALL = {
    "w": "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety",
    "1": "one",
    "s": "hundred|thousand|million|billion|trillion|mn|bn|mln|lakh|crore|dozen",
    "D": "dozens|hundreds|thousands|millions|billions|tens|scores",
    "O": "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    "thirteenth|twentieth",
    "P": "day|week|month|year|decade|century|quarter|weekend|fortnight|summer|winter|spring|autumn|"
    "days|weeks|months|years|decades|centuries|quarters|weekends|fortnights",
    "H": "hour|minute|seconds|hours|minutes",
    "p": "morning|afternoon|evening|night",
    "h": "midnight|noon|midday|tonight",
    "A": "am|pm|a.m.|p.m.|a.m|p.m|o'clock|o’clock|gmt|utc|est|hrs",
    "y": "today|yesterday|tomorrow|nowadays",
    "%": "%|percent|pc|per-cent",
    "r": "per",
    "c": "dollar|euro|ruble|rouble|yuan|yen|rupee|shekel|dinar|riyal|rial|dirham|lira|cent|franc|"
    "peso|won|rand|naira|shilling|birr|taka|hryvnia|krona|sterling|baht|ringgit|rupiah|dong|cedi|"
    "bolivar|real|reais|guarani|quetzal|lempira|colon|colones|cordoba|sol|soles|dollars|euros|"
    "pounds|rubles|roubles|rupees|shekels|dinars|riyals|rials|dirhams|cents|francs|pesos|rands|"
    "shillings|hryvnias|kronor|cedis|bolivars|bolivares|quetzals|lempiras|cordobas|dirhams|usd",
    "U": "km|kilometer|kilometre|mile|meter|metre|cm|mm|foot|feet|ft|inch|inches|yard|acre|hectare|"
    "ton|tonne|kg|kilogram|kilogramme|gram|pound|barrel|litre|liter|gallon|degree|knot|mph|km/h|"
    "kmh|kilo|mw|gw|megawatt|gigawatt|kilowatt|kwh|kilometers|kilometres|miles|meters|metres|yards|"
    "acres|hectares|tons|tonnes|kilograms|grams|barrels|litres|liters|gallons|degrees|knots|kilos|"
    "megawatts|gigawatts|kilowatts|sqm|ha",
    "B": "m",
    "l": "half",
    "S": "square|sq|cubic|metric|nautical",
    "x": "old",
    "L": "last|next|past|previous|coming|early|late|mid|following",
    "t": "this|that",
    "T": "the",
    "e": "a|an",
    "v": "no|any|every|each|some|which|another|only|not",
    "i": "in|since|by|until|during|from|before|after|till|through",
    "f": "of",
    "g": "ago|earlier|later",
    "a": "about|around|nearly|almost|over|some|approximately",
    "-": "-|–|—|to",
    ",": ",",
    "k": "k",
}
_MAGNITUDE = "hundred|thousand|million|billion|trillion|bn|mn|m|k|lakh|crore"
_MEASURES = (
    "km|kilometre|kilometer|mile|metre|meter|foot|acre|hectare|ton|tonne|kg|pound|inch|litre|liter|"
    "megawatt"
)
# Words with digits: the first matching pattern determines the kind.
_WITH_DIGITS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("d", r"0?[1-9]|[12]\d|3[01]"),
        ("Y", r"1[5-9]\d\d|20\d\d"),
        ("X", r"\d{1,2}[/.]\d{1,2}[/.](?:\d\d|\d{4})|\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}"),
        ("X", r"[12]\d{3}[-–/]\d\d(?:\d\d)?"),
        ("Q", r"(?:1[5-9]|20)\d0['’]?s|['’]?[1-9]0s"),
        ("K", r"\d{1,2}[:.]\d\d(?:am|pm)|\d{1,2}:\d\d|\d{1,2}(?:am|pm)"),
        ("Q", r"(?:mid|early|late|pre|post)-(?:(?:1[5-9]|20)\d0['’]?s|(?:1[5-9]|20)\d\d)"),
        ("n", r"[+-]?(?:\d{1,3}(?:,\d{2,3})+|\d+)(?:\.\d+)?|\.\d+|\d{1,3}(?:\.\d{3})+"),
        ("n", r"\d+[/–-]\d+"),
        ("o", r"\d+(?:st|nd|rd|th)"),
        ("j", r"(?:\d+|[a-z]+)-(?:year|month|week|day|decade)s?"),
        ("J", r"(?:\d+|[a-z]+)-(?:hour|minute|second)s?"),
        ("q", r"\d[\d.,]*(?:km|kg|cm|mm|ft|mph|kmh|mw|gw|ha|m2|km2)"),
        ("q", rf"\d[\d.,]*-(?:{_MEASURES})s?"),
        ("z", rf"\d[\d.,]*(?:{_MAGNITUDE})"),
        ("Z", r"(?:US|NT|HK|AU?|NZ|C|S|R|EC|TT|J)?[$€£¥₹₦]\d[\d.,]*(?:m|bn|mn|k|million|billion)?"),
        ("Z", r"(?:Rs\.?|RM|R|Sh|P|Ksh)\d[\d.,]*(?:m|bn|mn|k)?"),
    )
)  # fmt: skip

_NUM = r"(?:[dYn](?:[/]?)s{0,2}|z|[w1](?:-?[w1])?s{0,2}|es+|s)"
_DAY = r"(?:[do])"
_PATTERN = re.compile(
    "|".join(
        f"(?P<{label}{i}>{pattern})"
        for i, (label, pattern) in enumerate(
            (
                ("PERCENT", rf"(?:{_NUM}-)?{_NUM}-?(?:%|rc)"),
                ("MONEY", rf"G?\$-?{_NUM}(?:-\$?{_NUM})?[kB]?|C{_NUM}(?:-{_NUM})?|Zs?"),
                ("MONEY", rf"{_NUM}(?:-{_NUM})?C?c|[dYn]s?C(?![dYnwzs$])"),
                ("TIME", rf"K-?K?A*|[dn](?:-[dn])?A+|(?:T?L)?{_NUM}-?H|J|[Wy]p|[Lt]p|h"),
                ("DATE", rf"(?:W,?)?[Mm]{_DAY}(?:-{_DAY})?(?![%sUHcz])(?:,?Y)?"),
                ("DATE", rf"(?:W,?)?(?:{_DAY}-)?{_DAY}f?(?:M|m(?!d))(?:,?Y)?"),
                ("DATE", r"L?-?[Mm],?Y|L-?[MmYQW]|t[Wm]|(?<=[if])m|M|X|Y-[Yd]|Q|[oO]-?P"),
                ("DATE", rf"T?L{_NUM}P|T?LP|tP|a?{_NUM}-?Pg|{_NUM}-?P(?:-?x)?|j-?x?|ePg|y|W"),
                ("QUANTITY", rf"{_NUM}(?:-{_NUM})?-?(?:S?U|B)|q"),
                ("DATE", r"(?<![$C])Y(?![sUc%])"),
                ("ORDINAL", r"[oO]"),
                ("CARDINAL", rf"D(?:fD)?|les+|(?:[dYn]-)(?=[dYn])[dYn]s?|(?<!v){_NUM}"),
            )
        )
    )
)
_LABEL = re.compile(r"\d+$")
_HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")


class Numbers:
    """The component; it adds entities and never changes existing ones."""

    def __init__(self) -> None:
        self._kinds: dict[int, str] = {}
        self._names = _Index({**gazetteer.labels_by_name(), **gazetteer.labels_by_make()})
        self._nouns = _Index(gazetteer.labels_by_noun())

    def __call__(self, doc: Doc) -> Doc:
        standing = doc.ents
        doc.user_data[RECOGNISED] = [(e.start_char, e.end_char, e.label_) for e in standing]
        letters, named, nouned = self._letters(doc)
        for ent in standing:
            letters[ent.start : ent.end] = _TAKEN * (ent.end - ent.start)
        found = list(self._known(doc, letters, named, nouned))
        for match in _PATTERN.finditer("".join(letters)):
            label = _LABEL.sub("", match.lastgroup or "")
            found.append(Span(doc, match.start(), match.end(), label=label))
        if found:
            doc.ents = (*standing, *found)
        return doc

    def _letters(self, doc: Doc) -> tuple[list[str], list[int], list[int]]:
        """The kind of each word, and the tokens at which listed names and nouns may begin."""
        kinds = self._kinds
        letters: list[str] = []
        named: list[int] = []
        nouned: list[int] = []
        for i, orth in enumerate(doc.to_array("ORTH").tolist()):
            kind = kinds.get(orth)
            if kind is None:
                kind = kinds[orth] = self._kind(doc.vocab.strings[orth])
                if len(kinds) > _KINDS_KEPT:
                    kinds.clear()
            letters.append(kind[0])
            if len(kind) > 1:
                (named if kind[1] == "N" else nouned).append(i)
        return letters, named, nouned

    def _kind(self, word: str) -> str:
        """The letter of a word, followed by `N` if a name may begin with it, `n` if a noun may."""
        if word in self._names.by_first:
            return kind_of(word) + "N"
        if word.lower() in self._nouns.by_first:
            return kind_of(word) + "n"
        return kind_of(word)

    def _known(
        self, doc: Doc, letters: list[str], named: list[int], nouned: list[int]
    ) -> Iterator[Span]:
        """Unmarked names and nouns of the lists; marks their tokens as taken."""
        if not named and not nouned:
            return
        text = doc.text
        small = text.lower()
        if len(small) != len(text):  # a few capitals are two characters when small
            small = text
        for index, starts, where in ((self._names, named, text), (self._nouns, nouned, small)):
            for start in starts:
                if letters[start] == _TAKEN:
                    continue
                found = index.longest(doc, start, where)
                if found and _TAKEN not in letters[start : found.end]:
                    letters[start : found.end] = _TAKEN * (found.end - start)
                    yield found


class _Index:
    """Names by their first word, the longest first."""

    def __init__(self, labels: dict[str, str]) -> None:
        rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, label in labels.items():
            rows[_first_word(name)].append((name, label))
        self.by_first = {
            word: sorted(names, key=lambda row: (-len(row[0]), row)) for word, names in rows.items()
        }

    def longest(self, doc: Doc, start: int, text: str) -> Span | None:
        """The longest listed name from token `start` of `doc` to the end of a token."""
        first = doc[start]
        at = first.idx
        for name, label in self.by_first.get(text[at : at + len(first)], ()):
            if text.startswith(name, at):
                end, stop = start, at + len(name)
                while end < len(doc) and doc[end].idx + len(doc[end]) < stop:
                    end += 1
                if end < len(doc) and doc[end].idx + len(doc[end]) == stop:
                    return Span(doc, start, end + 1, label=label)
        return None


def kind_of(word: str) -> str:
    """The letter for the kind of `word`; a dot for words not used in numbers."""
    known = _WORDS.get(word) or _SMALL_WORDS.get(word.lower())
    if known:
        return known
    if any(map(str.isdigit, word)) or "-" in word:
        for kind, pattern in _WITH_DIGITS:
            if pattern.fullmatch(word) and (kind not in "jJ" or _counts(word)):
                return kind
    return _OTHER


def _counts(word: str) -> bool:
    """Whether `word` ("three-year", not "multi-year") begins with a number."""
    first = word.split("-", 1)[0]
    return first.isdecimal() or _SMALL_WORDS.get(first.lower(), "") in ("w", "1")


def _first_word(name: str) -> str:
    """The first token of `name`: up to a blank, comma or hyphen."""
    word = name.split(" ", 1)[0].rstrip(",")
    if "-" in word:  # thousands of names are looked at while a pipeline is loaded
        word = _HYPHEN.split(word, maxsplit=1)[0]
    return word[:-2] if word.endswith(("'s", "’s")) else word


def _by_word(kinds: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, words in kinds.items() for word in words.split("|")}


_WORDS = _by_word(_AS_WRITTEN)
_SMALL_WORDS = _by_word(_IN_SMALL)


@Language.factory("annotator_numbers", assigns=["doc.ents"])  # type: ignore[untyped-decorator]  # spaCy's
def make_numbers(nlp: Language, name: str) -> Numbers:  # noqa: ARG001  (spaCy names both)
    """The component, ready to run."""
    return Numbers()
