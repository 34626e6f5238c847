"""Words of numbers: what they count, how exact they are, and the units of measures."""

from __future__ import annotations

_ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = """
twenty thirty forty fifty sixty seventy eighty ninety
"""
ONES = {word: n for n, word in enumerate(_ONES.split())}
TENS = {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "k": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "bn": 1_000_000_000,
}
"""Words and letters that multiply the number before them."""
VAGUE = {
    "dozen": (12, 12),
    "dozens": (24, 99),
    "scores": (40, 199),
    "hundreds": (200, 1_999),
    "thousands": (2_000, 19_999),
    "millions": (2_000_000, 19_999_999),
    "couple": (2, 2),
    "several": (3, 9),
}
"""Words that stand for a range, with its ends."""
ABOUT = (
    "about", "around", "some", "roughly", "approximately", "circa", "an estimated", "estimated",
    "close to", "up to about", "or so",
)  # fmt: skip
ALMOST = ("nearly", "almost", "just under", "just short of")
AT_LEAST = (
    "more than", "over", "at least", "upwards of", "as many as at least", "no fewer than",
    "no less than", "above", "exceeding", "in excess of", "well over", "a minimum of",
)  # fmt: skip
AT_MOST = (
    "up to", "fewer than", "less than", "under", "at most", "no more than", "as many as", "below",
    "a maximum of",
)  # fmt: skip
CURRENCIES = {
    "$": "dollar", "us$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "dollar": "dollar",
    "dollars": "dollar", "usd": "dollar", "euro": "euro", "euros": "euro", "eur": "euro",
    "pound": "pound", "pounds": "pound", "yen": "yen", "rouble": "rouble", "roubles": "rouble",
    "ruble": "rouble", "rubles": "rouble",
}  # fmt: skip
MEASURES: dict[str, tuple[str, float]] = {
    "percent": ("percent", 1), "per cent": ("percent", 1), "%": ("percent", 1),
    "km": ("metre", 1_000), "kilometre": ("metre", 1_000), "kilometer": ("metre", 1_000),
    "mile": ("metre", 1_609), "metre": ("metre", 1), "meter": ("metre", 1),
    "foot": ("metre", 0.305), "feet": ("metre", 0.305),
    "kg": ("kilogram", 1), "kilogram": ("kilogram", 1),
    "kilo": ("kilogram", 1), "tonne": ("kilogram", 1_000), "ton": ("kilogram", 1_000),
    "second": ("second", 1), "minute": ("second", 60), "hour": ("second", 3_600),
    "day": ("second", 86_400), "week": ("second", 604_800), "month": ("second", 2_629_800),
    "year": ("second", 31_557_600),
}  # fmt: skip
"""Units with what they measure and how many of its unit they are."""
