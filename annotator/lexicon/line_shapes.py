"""Recognises junk lines by their shape: credits, captions, dates, notices of a ban.

Importing this compiles a dozen patterns, so `junk_signs` imports it with the first line.
"""

from __future__ import annotations

import re

from annotator.lexicon.word_lists import MONTHS, SHORT_MONTHS

# Maximum number of words in lines of a kind; longer lines of the same shape are sentences.
_CAPTION_BEGUN, _CAPTION_ENDED, _CAPTION_SIGNED = 60, 70, 30
_SHORTEST_CAPTION = 7  # `Photo: M. Lind` is a credit, `Photo: the quay at dawn ...` a caption
_CREDIT, _SOLE_CREDIT_SIZE, _AGENCY_SIZE, _BANNED_SIZE = 18, 12, 6, 30
_MOST_BRACKETS, _MOST_COMMAS = 2, 5  # with more a line lists teams or results
_TELLS = re.compile(
    r"\b(?:said|says|told|tells|added|adds|announced|warned|reported|reports|claimed|denied|insisted"
    r"|according to|voted|ruled|decided|agreed|confirmed|expected to|will be|would)\b"
    r"|[“\"][^”\"]{12,}[”\"]"
)
_NAME = r"[A-Z][\w.'’-]*(?: (?:(?:de|van|von|al|bin|and|der|el) )?[A-Z][\w.'’-]*){0,4}"
_AGENCY = (
    r"(?:getty|ap|afp|reuters|epa|efe|upi|tass|sputnik|xinhua|anadolu|shutterstock|istock|alamy|flickr"
    r"|instagram|handout|courtesy|screen ?(?:grab|shot)|file|photo|image|picture|photograph)"
)
_SOLE_CREDIT = re.compile(
    rf"(?:[Bb]y|BY) {_NAME}(?:,? (?:in|for|and|with|&) {_NAME})*(?:, [\w ]{{2,60}})?\.?"
    rf"|(?:{_NAME}, )?[Ss]taff (?:[Ww]riter|[Rr]eporter)s?"
    r"|(?:https?://|www\.)\S+"
)
_MONTH = rf"(?:{'|'.join(MONTHS + SHORT_MONTHS)})"
_DATE_ALONE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}(?:st|nd|rd|th)? )?"
    rf"{_MONTH}\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? \d{{4}}"
    r"(?:,? (?:at )?\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?[a-z+0-9:]{2,8})?)?",
    re.IGNORECASE,
)
_DATE_ANYWHERE = re.compile(
    rf"\b(?:{_MONTH}\.?\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\.?,?\s+\d{{4}})", re.IGNORECASE
)
_BYLINE = re.compile(r"\b(?:[Bb]y (?:the )?[A-Z]|[Ff]rom (?:our|a|the) [\w ]{0,20}correspondents?)")
_AGENCY_ALONE = re.compile(
    r"[(\[]?(?:(?:news agenc(?:y|ies)|images|photos?|via|and|by|the|[A-Z][\w.-]+)[\s/|,&+]*){0,4}"
    rf"(?<!\w){_AGENCY}(?: images| photos?)?(?:[\s/|]+{_NAME})?[)\].]*",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    rf"(?:[(\[][^()\[\]]*\b{_AGENCY}\b[^()\[\]]*[)\]]"
    r"|[|/–—-] ?(?:photo(?:graph)?|image|picture|credit|file photo)\b[^.]{0,60}"
    r"|\b(?:photo(?:graph)?|image|picture|credit)\s?:\s?[^.]{2,60}"
    r"|\b(?:getty images|ap photo)\b[^.]{0,40})[.\s]*$",
    re.IGNORECASE,
)
# "A bridge over the river. (Harbour News)": the brackets contain only a name.
_CAPTION_NAME = re.compile(r"[a-z]\.? \([A-Z][\w.&’'-]*(?:[ /][A-Z&][\w.&’'-]*){0,4}\)$")
_CAPTION_BEGIN = re.compile(
    r"[(\[]?(?:file (?:photo|picture|image)|photo|picture|image|caption|file|pictured|afp out"
    r"|in this (?:file )?(?:photo|picture|image))\s?(?:[:)\]–—-]|\bshows?\b|(?<=pictured),)",
    re.IGNORECASE,
)
_BANNED = re.compile(
    r".{0,120}\b(?:is|are) (?:an? )?(?:terrorist|extremist)[^.]{0,60}"
    r"\b(?:banned|outlawed|prohibited) in\b[^.]{0,60}\.?",
    re.IGNORECASE,
)


def kind_by_shape(bare: str, size: int) -> str | None:
    """The kind of a line of `size` words without decoration, by its shape; None if it has none."""
    if size <= _CAPTION_BEGUN and _CAPTION_BEGIN.match(bare):
        return "photo-caption" if size >= _SHORTEST_CAPTION else "credit-line"
    if size <= _CREDIT and _is_credit(bare, size):
        return "credit-line"
    if _is_caption(bare, size):
        return "photo-caption"
    return "footnote" if size <= _BANNED_SIZE and _BANNED.fullmatch(bare) else None


def _is_caption(bare: str, size: int) -> bool:
    """`The quay at dawn. (Photo: M. Lind)`, `A bridge over the river. (Harbour News)`."""
    if size > _CAPTION_ENDED or is_prose(bare):
        return False
    signed = size <= _CAPTION_SIGNED and _CAPTION_NAME.search(bare)
    return bool(signed or _CAPTION_END.search(bare))


def _is_credit(bare: str, size: int) -> bool:
    """`By Ann Lund`, `3 May 2019`, `AFP`, `By Ann Lund | 3 May 2019`."""
    if size <= _SOLE_CREDIT_SIZE and (_SOLE_CREDIT.fullmatch(bare) or _DATE_ALONE.fullmatch(bare)):
        return True
    if size <= _AGENCY_SIZE and _AGENCY_ALONE.fullmatch(bare):
        return True
    dated = bool(_DATE_ANYWHERE.search(bare))
    byline = bool(_BYLINE.match(bare))
    bar = " | " in bare or " · " in bare
    return (dated and (bar or byline)) or (bar and bool(_BYLINE.search(bare)))


def is_prose(line: str) -> bool:
    """Whether a line reports speech, or lists teams with names in brackets, so is no caption."""
    lists = line.count(" (") > _MOST_BRACKETS or line.count(",") > _MOST_COMMAS
    return bool(_TELLS.search(line)) or lists
