"""Finds what a cue verb governs: clause, infinitive, object or prepositional phrase."""

from __future__ import annotations

from annotator.lexicon.label_roles import COUNTRY, DATE, SPEAKERS
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.quotations import OPENING
from annotator.suggest.claims.tree import FINITE, PAST_OR_PRESENT, Tree
from annotator.suggest.claims.word_order import grown_right, in_fronted_clause

_WITH_OBJECT = words_of("for of as over about")
_HEARSAY = words_of("said reported believed alleged rumoured rumored understood thought claimed")
_PEOPLE = words_of(
    "medic medics police agency agencies hospital hospitals ministry doctor medical-sources expert"
    " reporter correspondent spokesman spokeswoman rescuers paramedics monitors"
    " someone anyone nobody him her them"
)
_OF_DEEDS = words_of("deny admit acknowledge confess recall recommend suggest propose report")
_OF_ACTS = words_of("admit accept reveal declare find show")  # in the passive: were admitted
_COMPARING = words_of("compare liken")
_LONGEST_LABEL = 25


def governed(tree: Tree, verb: int) -> tuple[set[int], str]:
    """The content of a cue verb by the parse, and the name of the frame; empty if there is none."""
    for frame in (
        _quoted_as,
        _hearsay,
        _addressed,
        _clause,
        _infinitive,
        _object,
        _prepositional,
    ):
        content, name = frame(tree, verb)
        if content:
            return content, name
    return set(), ""


def _clause(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`said that ...`: the clause, and a coordinated clause after it."""
    if not tree.has(verb, "clause"):
        return set(), ""
    clauses = [
        c
        for c in tree.kids[verb]
        if tree.rel[c] == "ccomp" or (tree.rel[c] == "xcomp" and _finite_complement(tree, verb, c))
        if c > verb or tree.lower[c] != "so"
    ]
    if not clauses:
        return set(), ""
    content: set[int] = set()
    for c in clauses:
        content |= tree.subtree(c)
    if not content:
        return set(), ""
    for c in tree.kids[verb]:
        if tree.rel[c] == "parataxis" and c > verb and c > max(content) and not _own_cue(tree, c):
            content |= tree.subtree(c)
    return content, "clause"


def _quoted_as(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`was quoted as saying that ...`: what follows *saying*."""
    saying = verb + 2
    if not tree.is_passive(verb) or saying >= tree.high[verb] - 1:
        return set(), ""
    if tree.lower[verb + 1] != "as" or tree.lower[saying] != "saying":
        return set(), ""
    content = grown_right(tree, saying, set(range(saying + 1, tree.high[verb])))
    return content, "quoted as"


def _hearsay(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`is said to have ...`, `are believed to ...`: subject and infinitive, without a source."""
    if not tree.is_passive(verb) or tree.lower[verb] not in _HEARSAY:
        return set(), ""
    if verb + 1 >= tree.high[verb] or tree.lower[verb + 1] != "to":
        return set(), ""
    subject = next(tree.children(verb, "nsubj"), None)
    to = next((c for c in tree.kids[verb] if tree.rel[c] in ("xcomp", "ccomp") and c > verb), None)
    if subject is None or to is None:
        return set(), ""
    return tree.subtree(subject) | tree.subtree(to), "hearsay"


def _addressed(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`urged them to ...`, `called on them to ...`: addressee and infinitive, by word order.

    Parsers attach this infinitive to the person as often as to the verb, so only the person is
    taken from the tree.
    """
    if not tree.has(verb, "addressee"):
        return set(), ""
    for c in tree.kids[verb]:
        if c < verb or tree.base[c] not in ("obj", "obl", "iobj") or c > verb + 12:
            continue
        if tree.entity[c] == DATE:  # She called on Friday to thank them.
            continue
        meeting = tree.lemma(verb) == "call" and tree.base[c] == "obj" and not _are_people(tree, c)
        if meeting and tree.pos[c] == "NOUN":  # They called a meeting to discuss it.
            continue
        asked = {"on", "upon", "for"} if tree.lemma(verb) == "call" else {"on", "upon"}
        if tree.base[c] == "obl" and not tree.case_words(c) & asked:
            continue
        person = tree.subtree(c)
        to = next(
            (
                i
                for i in range(c + 1, min(c + 25, tree.high[verb] - 1))
                if tree.lower[i] == "to" and (tree.pos[i] == "PART" or tree.rel[i] == "mark")
            ),
            None,
        )
        if to is not None and tree.lower[to - 1] == "not":
            to -= 1
        if to is None or any(tree.tag[i] in FINITE for i in range(c, to)):
            continue
        last = to - 2 if tree.form[to - 1] == "," else to - 1
        if last not in person and to not in person:
            continue
        head = tree.head[to + (tree.lower[to] == "not")]
        if head < to:
            continue
        drop = [x for x in tree.kids[c] if tree.rel[x] == "case"]
        low = min(tree.subtree(c, drop))
        content = person | tree.subtree(head)
        content = {i for i in range(low, max(content) + 1) if not tree.blank[i]}
        return _before_second_verb(tree, verb, content), "infinitive"
    return set(), ""


def _before_second_verb(tree: Tree, verb: int, content: set[int]) -> set[int]:
    """An infinitive up to an `and` after which the cue's subject has a second finite verb."""
    for i in sorted(content):
        if tree.lower[i] not in ("and", "but"):
            continue
        after = i + 1
        while after < tree.high[verb] - 1 and tree.pos[after] == "ADV":
            after += 1
        same = tree.tag[after] == tree.tag[verb]
        if same and (tree.tag[after] in PAST_OR_PRESENT or tree.cue[after] is not None):
            return {x for x in content if x < i}
    return content


def _infinitive(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`promised to ...`, and `urged them to ...` with the person asked."""
    if not tree.has(verb, "infinitive"):
        return set(), ""
    head = next(
        (
            c
            for c in tree.children(verb, "xcomp", "advcl")
            if c > verb and (_begins_with_to(tree, verb, c) or _denied_deed(tree, verb, c))
        ),
        None,
    )
    if head is None:
        return set(), ""
    content = _before_second_verb(tree, verb, tree.subtree(head))
    addressee = next(tree.children(verb, "obj"), None)
    if addressee is not None and tree.has(verb, "addressee"):
        content |= tree.subtree(addressee)
    if tree.lemma(verb) == "call":
        for o in tree.children(verb, "obl", "obj"):
            if o < head:
                content |= tree.subtree(o, [c for c in tree.kids[o] if tree.rel[c] == "case"])
    return content, "infinitive"


def _begins_with_to(tree: Tree, verb: int, c: int) -> bool:
    """Whether it is an infinitive; one that parsers take for a purpose begins right after."""
    marks = (x for x in tree.kids[c] if tree.lower[x] == "to" and tree.rel[x] in ("mark", "aux"))
    to = next(marks, None)
    return to is not None and (tree.base[c] == "xcomp" or to == verb + 1)


def _denied_deed(tree: Tree, verb: int, c: int) -> bool:
    """`denied knowing of it`, `admitted having seen it`: a gerund right after the verb."""
    first = verb + 1
    own = c == first or (tree.head[first] == c and tree.lower[first] in ("having", "being"))
    return tree.lemma(verb) in _OF_DEEDS and own and tree.tag[first] == "VBG"


def _object(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`criticised the delay`, `the delay was criticised`, `called the delay a disgrace`."""
    if not tree.has(verb, "object"):
        return set(), ""
    objects = [c for c in tree.children(verb, "obj", "iobj") if c > verb]
    target = next((c for c in objects if tree.rel[c] == "obj"), next(iter(objects), None))
    if target is None:
        subject = next((c for c in tree.kids[verb] if tree.rel[c] == "nsubj:pass"), None)
        if subject is None or tree.lemma(verb) in _OF_ACTS:
            return set(), ""
        content = tree.subtree(subject)
        for c in tree.kids[verb]:
            reason = tree.rel[c] == "xcomp" or bool(tree.case_words(c) & {"for", "of", "as"})
            if c > verb and tree.base[c] in ("obl", "xcomp", "advcl") and reason:
                content |= tree.subtree(c)
        return content, "passive"
    if tree.lemma(verb) == "cite" and _are_people(
        tree, target
    ):  # the text does not give what they say
        return set(), ""
    content = tree.subtree(target)
    reasons = _WITH_OBJECT | {"to"} if tree.lemma(verb) in _COMPARING else _WITH_OBJECT
    for c in tree.kids[verb]:
        if c > target and (
            tree.rel[c] in ("xcomp", "obj")
            or (tree.base[c] in ("obl", "advcl", "ccomp") and tree.case_words(c) & reasons)
        ):
            content |= tree.subtree(c)
    content = set(range(min(content), max(content) + 1))
    if tree.has(verb, "label"):
        content |= _label_after(tree, max(content) + 1)
    content = _before_second_verb(tree, verb, content)
    if in_fronted_clause(tree, verb):
        comma = next((i for i in sorted(content) if i > verb and tree.form[i] == ","), None)
        content = {i for i in content if comma is None or i < comma}
    return content, "object"


def _are_people(tree: Tree, noun: int) -> bool:
    words, lower = tree.lexicon.words, tree.lower[noun]
    if tree.entity[noun] in SPEAKERS - {COUNTRY}:
        return True
    return lower in words["collective"] | words["anonymous"] | words["crowd"] | _PEOPLE


def _prepositional(tree: Tree, verb: int) -> tuple[set[int], str]:
    """`called for calm`, `warned of delays`."""
    cue = tree.cue[verb]
    if cue is None or not cue.prepositions:
        return set(), ""
    if tree.tag[verb] == "VBN" and not tree.is_passive(verb):  # Asked about the leak, she ...
        return set(), ""
    for c in tree.kids[verb]:
        if c < verb or tree.base[c] not in ("obl", "advcl"):
            continue
        if tree.case_words(c) & cue.prepositions:
            rel = "case" if tree.base[c] == "obl" else "mark"
            content = tree.subtree(c, [x for x in tree.kids[c] if tree.rel[x] == rel])
            if tree.has(verb, "label"):
                content |= _label_after(tree, max(content) + 1)
            return content, "preposition"
    return set(), ""


def _label_after(tree: Tree, i: int) -> set[int]:
    """The name of an object in quotation marks or after `as`."""
    begin, as_ = i, False
    if i < tree.high[i - 1] and tree.lower[i] == "as":
        as_, i = True, i + 1
    if i < tree.high[begin - 1] and (tree.form[i] in OPENING or tree.form[i] in ('"', "''", "``")):
        number = tree.region[i]
        if number >= 0:
            return set(range(begin, min(tree.regions[number][-1] + 1, i + _LONGEST_LABEL)))
    if as_:
        head = tree.head[begin]
        return {x for x in tree.subtree(head) if begin <= x < begin + 16}
    return set()


def _finite_complement(tree: Tree, verb: int, c: int) -> bool:
    """Whether it is a full clause that the parser analysed as an infinitive."""
    return (
        tree.has(verb, "quote") and c > verb and any(tree.tag[x] in FINITE for x in tree.subtree(c))
    )


def _own_cue(tree: Tree, i: int) -> bool:
    return tree.has(i, "quote") and any(tree.children(i, "nsubj"))
