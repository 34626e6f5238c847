"""Reads stretches of words beside a quotation or a verb in text order."""

from __future__ import annotations

import re

from annotator.lexicon.word_lists import NOUNS_IN_LY, TITLES, WEEKDAYS, words_of
from annotator.suggest.claims.tree import FINITE, NOMINAL, Tree

DASHES = frozenset(("--", "—", "–", "―"))
_ABBREVIATED = re.compile(
    rf"\b(?:{'|'.join(title.title() for title in sorted(TITLES | {'jr', 'sr', 'st'}))}|[A-Z])\."
)
_WEEKDAY = "|".join(WEEKDAYS)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_TIME_OR_MANNER = re.compile(
    rf"(?i)^(?:{_WEEKDAY}|yesterday|today|tonight|late|early|earlier"
    r"|later|last|this|recently|on|in|at|during|after|before|when|while|to|by|via|through|of|about"
    r"|for|with|as|from|,|-+|—|–|:)$"
)
_AFTER_SOURCE = re.compile(
    rf"(?:{_WEEKDAY})|yesterday|today|later|recently|adding|noting|saying"
    r"|according|referring"
)
_TIME_UNITS = words_of(
    "a.m. p.m. am pm minutes hours days weeks months years minute hour day week month year"
)
_CONNECTIVES = frozenset(
    (
        *("however", "still", "meanwhile", "in addition", "for instance", "for example", "overall"),
        *("that said", "having said that", "even so", "at the same time", "on the other hand"),
        *("by contrast", "in contrast", "in short"),
    )
) | words_of("instead moreover also then thus therefore nevertheless nonetheless besides")
_LONGEST_CONNECTIVE = 6  # tokens, with its comma
_ENDS_SOURCE = words_of(
    "in on at during after before when as to with by from while who that because through via for"
    " about"
)
_OWN = words_of("his her their its my")
_AFTER_STATE = frozenset(("ADP", "PUNCT", "CCONJ", "SCONJ", "ADV"))
_NOT_ADVERBS = words_of("then now not only also once as")
_GESTURES = frozenset(WEEKDAYS) | words_of(
    "shrug smile sigh nod grin laugh laughter wink frown sob smirk chuckle voice whisper tone tears"
    " corner doorway office desk seat way home statement interview letter speech tweet email phone"
    " telephone press post yesterday"
)
_WITHIN_SOURCE = words_of("of for")
_AFTER_NOUN = words_of("with at in from on to who by")
_BARRED_NEAR = words_of("and but that as because while after before if when what which who")


def opens_adjunct(tree: Tree, i: int) -> bool:
    """Whether token i begins a phrase of time or manner rather than a clause."""
    return bool(_TIME_OR_MANNER.match(tree.form[i]))


def sentence_ends(text: str) -> int:
    """The number of sentence ends in `text`, ignoring abbreviated titles."""
    return len(_SENTENCE_END.findall(_ABBREVIATED.sub(" ", text)))


def is_comma(tree: Tree, i: int) -> bool:
    """Whether token i is a comma or a dash."""
    return tree.form[i] == "," or tree.form[i] in DASHES


def ends_headline(tree: Tree, i: int) -> bool:
    """Whether a paragraph without a full stop, such as a headline, ends at token i."""
    here = tree.paragraph[i]
    i += 1
    while i < tree.n and tree.blank[i]:
        i += 1
    return i == tree.n or tree.paragraph[i] != here


def words_after(tree: Tree, i: int, limit: int = 45) -> list[int]:
    """Tokens from i to the end of the clause, the paragraph or the next quotation mark."""
    found: list[int] = []
    here = tree.paragraph[i - 1] if i else -1
    while i < tree.n and len(found) < limit:
        form = tree.form[i]
        if tree.blank[i]:
            i += 1
            continue
        if tree.paragraph[i] != here or form in ("?", "!", ";"):
            break
        if tree.is_mark(i) and not _nickname(tree, i):
            break
        if form == "." and not _within_sentence(tree, i):
            break
        found.append(i)
        i += 1
    return found


def words_before(tree: Tree, i: int, limit: int = 40) -> list[int]:
    """Tokens from i back to the start of the clause; across a paragraph end only after a colon."""
    found: list[int] = []
    if i < 0:
        return found
    here = tree.paragraph[i + 1] if i + 1 < tree.n else -1
    while i >= 0 and len(found) < limit:
        if tree.blank[i]:
            i -= 1
            continue
        form = tree.form[i]
        if tree.paragraph[i] != here:
            if found or form != ":":
                break
            here = tree.paragraph[i]
        if tree.is_mark(i) or form in ("?", "!", ";"):
            break
        if form == "." and found and not _within_sentence(tree, i):
            break
        found.append(i)
        i -= 1
    return found[::-1]


def source_at_start(tree: Tree, stretch: list[int]) -> set[int]:
    """The source at the start of a stretch of words, up to a word that cannot belong to a name."""
    kept: list[int] = []
    for i in stretch:
        lower = tree.lower[i]
        if kept and lower in _ENDS_SOURCE and lower not in _WITHIN_SOURCE:
            last = kept[-1]
            attached = (
                lower in _AFTER_NOUN
                and tree.pos[last] == "NOUN"
                and tree.lower[last] not in ("interview", "statement")
            )
            if not attached:
                break
        if tree.tag[i] == "CD" and not kept and _counts_time(tree, i):
            break
        if kept and _tells_how(tree, kept[-1], i):
            break
        if tree.form[i] in DASHES or tree.form[i] == ":" or _AFTER_SOURCE.match(lower):
            break
        kept.append(i)
    while kept and (
        tree.form[kept[-1]] in (",", "(") or tree.lower[kept[-1]] in ("and", "but", "then", "also")
    ):
        kept.pop()
    return set(kept)


def without_manner(tree: Tree, source: set[int]) -> set[int]:
    """A source after its cue, without the manner of speaking: `sighed Maria, looking down`."""
    ordered = sorted(source)
    for n, i in enumerate(ordered[1:], 1):
        if _tells_how(tree, ordered[n - 1], i):
            return {x for x in ordered[:n] if tree.form[x] != "," or x < ordered[n - 1]}
    return source


def _tells_how(tree: Tree, before: int, i: int) -> bool:
    """Whether a phrase on how, where or while doing what somebody speaks begins at token i."""
    if tree.form[before] != ",":
        return tree.pos[before] in NOMINAL and (_is_adverb(tree, i) or _is_gesture(tree, i))
    if i + 1 >= tree.n or not tree.form[i].islower():
        return False
    after = tree.pos[i + 1]
    if tree.lower[i] in _OWN:
        return i + 2 < tree.n and tree.pos[i + 2] in ("ADJ", "VERB", "ADP", "ADV")
    if _is_adverb(tree, i):
        return after in ("ADV", "VERB", "ADP", "PUNCT")
    if tree.tag[i] == "VBG" or (tree.lower[i].endswith("ing") and tree.pos[i] == "VERB"):
        return True
    return (tree.tag[i] in ("VBN", "VBD") or tree.pos[i] == "ADJ") and after in _AFTER_STATE


def _is_adverb(tree: Tree, i: int) -> bool:
    lower = tree.lower[i]
    if not tree.form[i].islower() or lower in _NOT_ADVERBS:
        return False
    manner = len(lower) > 4 and lower.endswith("ly") and lower not in NOUNS_IN_LY
    adverb = tree.pos[i] == "ADV" or (manner and tree.pos[i] != "VERB")
    return adverb and (i + 1 >= tree.n or tree.pos[i + 1] not in ("ADJ", "NOUN", "PROPN"))


def _is_gesture(tree: Tree, i: int) -> bool:
    """`with a shrug`, `in a low voice`, `from her corner`, `on Friday`: not part of the source."""
    if tree.lower[i] not in ("with", "in", "from", "on", "at", "by"):
        return False
    words = [tree.lower[x] for x in range(i + 1, min(i + 5, tree.n))]
    return any(word in _GESTURES for word in words)


def _within_sentence(tree: Tree, i: int) -> bool:
    """Whether the full stop at token i belongs to an abbreviation."""
    lower_follows = i + 1 < tree.n and tree.form[i + 1].islower()
    return lower_follows or bool(_ABBREVIATED.fullmatch(tree.form[i - 1] + "."))


def _nickname(tree: Tree, i: int) -> bool:
    """Whether a mark belongs to a single quoted word, as in Marcia "Cia" Price."""
    number = tree.region[i]
    return number >= 0 and tree.quoted_words[number] == 1


def _counts_time(tree: Tree, i: int) -> bool:
    return any(tree.lower[x] in _TIME_UNITS for x in range(i + 1, min(i + 3, tree.n)))


def noun_phrase_before(tree: Tree, verb: int) -> set[int]:
    """The simple noun phrase directly before a verb, back to punctuation; empty if none."""
    j = verb - 1
    while j >= 0 and tree.pos[j] in ("ADV", "AUX") and verb - j <= 3:
        j -= 1
    phrase: list[int] = []
    aside = range(0)  # Senator Holm (Ind.) said
    low = tree.low[verb]
    while j >= low:
        if tree.blank[j]:
            if tree.paragraph[j] != tree.paragraph[verb]:
                break
            j -= 1
            continue
        if tree.form[j] == ")" and not phrase:
            opening = next((x for x in range(j, max(j - 8, low) - 1, -1) if tree.form[x] == "("), 0)
            if not opening:
                return set()
            aside = range(opening, j + 1)
            j = opening - 1
            continue
        if not _continues_phrase(tree, j):
            break
        phrase.append(j)
        if len(phrase) > 10:
            return set()
        j -= 1
    phrase.reverse()
    if not phrase or any(
        tree.pos[i] in ("VERB", "SCONJ") or tree.tag[i][:1] == "V" for i in phrase
    ):
        return set()
    first, last = phrase[0], phrase[-1]
    capital = tree.form[last][0].isupper()
    if (tree.pos[last] not in NOMINAL and not capital) or (
        tree.pos[first] not in NOMINAL and tree.pos[first] not in ("DET", "NUM", "ADJ")
    ):
        return set()
    return set(phrase) | set(aside)


def cue_words(tree: Tree, verb: int) -> set[int]:
    """The verb group: the verb with adjacent auxiliaries, particle and short adverbs."""
    near = {verb}
    for c in tree.kids[verb]:
        rel = tree.rel[c]
        if rel in ("aux", "aux:pass", "cop"):
            if abs(c - verb) <= 4 and tree.pos[c] not in NOMINAL:
                near.add(c)
        elif rel == "compound:prt" or (
            rel == "advmod"
            and tree.pos[c] in ("ADV", "PART")
            and abs(c - verb) <= 3
            and not tree.kids[c]
        ):
            near.add(c)
    low = high = verb
    while low - 1 in near:
        low -= 1
    while high + 1 in near:
        high += 1
    return set(range(low, high + 1))


def without_connective(tree: Tree, content: set[int]) -> set[int]:
    """A clause without a connective such as *But* or *However,* at its start."""
    start = min((i for i in content if not tree.blank[i]), default=-1)
    if start < 0 or not all(tree.blank[i] for i in range(tree.low[start], start)):
        return content
    if tree.lower[start] in ("but", "and", "yet"):
        return content - {start}
    # Its comma need not be in the content: `That said, according to the mayor, it is closed`.
    end = min(start + _LONGEST_CONNECTIVE, tree.high[start])
    comma = next((i for i in range(start, end) if tree.form[i] == ","), start)
    opening = " ".join(tree.lower[start:comma])
    return content - set(range(start, comma + 1)) if opening in _CONNECTIVES else content


def has_finite(tree: Tree, tokens: list[int] | set[int]) -> bool:
    """Whether these tokens include a finite verb."""
    return any(tree.tag[i] in FINITE for i in tokens)


def _continues_phrase(tree: Tree, i: int) -> bool:
    return (
        tree.form[i] not in DASHES
        and tree.form[i] not in ",.;:?!()"
        and not tree.is_mark(i)
        and tree.lower[i] not in _BARRED_NEAR
        and not (tree.tag[i][:2] == "VB" and tree.pos[i] == "VERB")
    )
