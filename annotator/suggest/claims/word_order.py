"""Finds reported clauses by word order, where the parser misses them.

`The road, the mayor said, is open.` and `He said on Friday that the road is open.` follow patterns
of commas and the verb, which recover most of the clauses that a small parser attaches elsewhere.
"""

from __future__ import annotations

from annotator.lexicon.label_roles import DATE
from annotator.lexicon.word_lists import WEEKDAYS, words_of
from annotator.suggest.claims.sources import about_things, noun_phrase, source_noun
from annotator.suggest.claims.surface import (
    DASHES,
    cue_words,
    ends_headline,
    has_finite,
    is_comma,
    noun_phrase_before,
    opens_adjunct,
    source_at_start,
)
from annotator.suggest.claims.tree import FINITE, NOMINAL, PAST_OR_PRESENT, Tree

TAKES_ADDRESSEE = words_of("tell warn remind inform assure reassure notify convince persuade")
_NOT_A_SOURCE = words_of("that it he she they i we you")
_NEEDS_NO_THAT = words_of("say argue claim believe think")
# Nouns of places and times of statements.
_SETTING = frozenset(WEEKDAYS) | words_of(
    "statement interview letter conference speech tweet tweets email e-mail telephone phone"
    " reporters briefing call post posts message memo report rally meeting hearing week month year"
    " morning afternoon evening day twitter facebook television tv radio court debate release"
    " filing address remarks note"
)
_LASTING = words_of("for since until by through within")
_SUBORDINATING = words_of("because if since unless although though until once so")
_ADVERBIAL = words_of("when after before once if as while though although since because until")
_CONCEDING = words_of("though although which as while")
_NEW_CLAUSE = words_of("who which but and")
_FARTHEST_THAT = 18  # words between cue and *that*: whom, where and when it was said
_LONGEST_GAP = 14  # words between cue and clause that may be the clause's beginning
_NEAR_START = 4  # words: A day after the office said A, B happened
_DEEPEST = 8  # maximum nesting of clauses; more are due to a wrong parse
_LONGEST_TAIL = 10  # words: on Friday in an interview with the Ansel Post
_LONGEST_OPENING = 15  # words without a verb before `he said, B`; after more the parse is wrong
_SHORTEST_CLAUSE = 3


def around(tree: Tree, verb: int) -> tuple[set[int], set[int]]:
    """`A, NP said, B`, `A, NP said.` and `A, said NP.`: content and source, both empty if none."""
    none: tuple[set[int], set[int]] = (set(), set())
    if tree.tag[verb] not in PAST_OR_PRESENT or any(
        tree.rel[c] == "aux:pass" for c in tree.kids[verb]
    ):
        return none
    sentence = tree.sentence_words(verb)
    inserted = _inserted(tree, verb, sentence)
    if inserted is None:
        return none
    low, high, source, inverted = inserted
    if low <= sentence[0] or not is_comma(tree, low - 1):
        return none
    left = [i for i in sentence if i < low - 1]
    if not any(tree.words[i] for i in left):
        return none
    tail = _tail(tree, sentence, high)
    if not _may_follow(tree, verb, tail, inverted=inverted):
        return none
    right = _other_half(tree, verb, sentence, (tail[-1] if tail else high) + 1)
    if not _is_clause(tree, left, right, tail[-1] if tail and not right else high):
        return none
    return set(left) | set(right), source


def _tail(tree: Tree, sentence: list[int], high: int) -> list[int]:
    """`on Friday` in `A, the mayor said on Friday, B`: the words after cue and source."""
    tail: list[int] = []
    for i in sentence:
        if i > high:
            if tree.form[i] in (",", ".", ";", "?", "!") or tree.form[i] in DASHES:
                break
            tail.append(i)
    return tail


def _may_follow(tree: Tree, verb: int, tail: list[int], *, inverted: bool) -> bool:
    """Whether the words after cue and source are a time or an addressee, not content."""
    if len(tail) > _LONGEST_TAIL or has_finite(tree, tail):
        return False
    if any(tree.lower[i] in _NOT_A_SOURCE for i in tail):
        return False
    free = inverted or tree.lemma(verb) == "tell"
    return not tail or free or opens_adjunct(tree, tail[0])


def _other_half(tree: Tree, verb: int, sentence: list[int], end: int) -> list[int]:
    """B in `A, the mayor said, B`; empty if a relative clause or another sentence follows."""
    if not (end < tree.high[verb] and is_comma(tree, end)):
        return []
    right = [i for i in sentence if i > end]
    other = right and (
        tree.tag[right[0]] in ("VBG", "WDT", "WP") or tree.lower[right[0]] in _NEW_CLAUSE
    )
    return [] if other else right


def _is_clause(tree: Tree, left: list[int], right: list[int], high: int) -> bool:
    """Whether the halves form a clause: not in `When A, he said`, but in `In May, he said, B`."""
    first = left[1 if tree.pos[left[0]] == "CCONJ" else 0]
    if not right and tree.lower[first] in _ADVERBIAL:
        return False
    if has_finite(tree, left) or ends_headline(tree, high):
        return True
    return has_finite(tree, right) and len(left) <= _LONGEST_OPENING


def after(tree: Tree, verb: int) -> set[int]:
    """The words from `that`, otherwise from the verb, to the end of the sentence; may be empty."""
    rest = [i for i in tree.sentence_words(verb) if i > verb]
    short = len(rest) == _SHORTEST_CLAUSE and has_finite(tree, rest[1:])
    if (len(rest) <= _SHORTEST_CLAUSE and not short) or tree.form[rest[0]] in (",", ".", ";", ":"):
        return set()
    if tree.tag[verb] == "VBN" and any(tree.rel[c] == "aux:pass" for c in tree.kids[verb]):
        return set()
    for n, i in enumerate(rest[:_FARTHEST_THAT]):
        if n and _says_itself(tree, rest[: n + 1]):
            break  # `She said he warned that ...`: it is his *that*
        if tree.lower[i] == "that" and (
            (n == 0 and tree.tag[i] != "DT")
            or tree.tag[i] in ("IN", "")
            or tree.rel[i] == "mark"
            or tree.lemma(verb) in TAKES_ADDRESSEE
        ):
            return grown_right(tree, verb, set(rest[n:]))
    if opens_adjunct(tree, rest[0]) or not has_finite(tree, rest[1:]):
        return set()
    if tree.lemma(verb) not in _NEEDS_NO_THAT and any(
        tree.rel[c] == "obj" and c > verb for c in tree.kids[verb]
    ):
        return set()
    return grown_right(tree, verb, set(rest))


def _says_itself(tree: Tree, words: list[int]) -> bool:
    """Whether the last of these words is a verb of saying with the others as its subject."""
    *before, verb = words
    if tree.tag[verb] not in PAST_OR_PRESENT or not tree.has(verb, "quote"):
        return False
    if any(not tree.words[i] or tree.lower[i] in _NEW_CLAUSE for i in before):
        return False
    return tree.pos[before[-1]] in NOMINAL and not opens_adjunct(tree, before[0])


def from_that(tree: Tree, content: set[int]) -> set[int]:
    """A clause without an adjunct before its `that`, which the parser included."""
    ordered = sorted(content)
    if tree.lower[ordered[0]] == "that":
        return content
    for n, i in enumerate(ordered[:9]):
        if n and tree.lower[i] == "that" and tree.rel[i] == "mark":
            return set(ordered[n:]) if not has_finite(tree, ordered[:n]) else content
    return content


def grown_left(tree: Tree, verb: int, content: set[int]) -> set[int]:
    """A clause extended to the left by the words between cue and clause, if the parser cut it."""
    gap = [i for i in range(verb + 1, min(content)) if not tree.blank[i]]
    if not gap or len(gap) > _LONGEST_GAP:
        return content
    if any(tree.form[i] in (".", ";", "?", "!") or tree.is_mark(i) for i in gap):
        return content
    for n, i in enumerate(gap):
        if tree.lower[i] == "that" and tree.rel[i] != "acl:relcl":
            return content | set(gap[n:])
    if tree.lemma(verb) in TAKES_ADDRESSEE and any(
        tree.rel[c] in ("obj", "iobj") and c in gap for c in tree.kids[verb]
    ):
        return content
    if opens_adjunct(tree, gap[0]) or tree.entity[gap[0]] == DATE:
        return content
    return content | set(gap)


def with_subject(tree: Tree, verb: int, content: set[int]) -> set[int]:
    """A clause that begins with its verb, with the subject that the parser attached to the cue."""
    first = next((i for i in sorted(content) if tree.words[i]), -1)
    gap = [i for i in range(verb + 1, first) if not tree.blank[i]]
    if first < verb or not 0 < len(gap) <= _LONGEST_GAP or tree.tag[first] not in FINITE:
        return content
    if any(not tree.words[i] and not tree.is_mark(i) and tree.form[i] != "-" for i in gap):
        return content
    if tree.lemma(verb) in TAKES_ADDRESSEE or opens_adjunct(tree, gap[0]):
        return content
    return content | set(gap)


def up_to_quotation(tree: Tree, verb: int, quotation: range) -> set[int]:
    """`said the plan “would fail”`: the unquoted words of a clause before a partial quotation."""
    gap = [i for i in range(verb + 1, quotation[0]) if not tree.blank[i]]
    opening = next((tree.form[i] for i in quotation if tree.words[i]), "")
    if not gap or len(gap) > _LONGEST_GAP or not opening[:1].islower():
        return set()
    if not all(tree.words[i] for i in gap) or opens_adjunct(tree, gap[0]):
        return set()
    if tree.lemma(verb) in TAKES_ADDRESSEE:
        return set()
    return grown_right(tree, verb, set(gap) | set(quotation))


def grown_right(tree: Tree, verb: int, content: set[int]) -> set[int]:
    """A clause after its cue, without gaps and extended to the right up to its end.

    Coordinated clauses, dashes and closing marks that the parser attached elsewhere belong to it;
    later dependents of the cue verb (a participle, a phrase of time) and a second verb of the same
    speaker do not.
    """
    first, last = min(content), max(content)
    if first < verb:
        return content
    outside: set[int] = set()
    for c in tree.kids[verb]:
        if c > last and tree.words[c] and not _belongs_to_clause(tree, c):
            outside |= tree.subtree(c)
    matrix = _governors(tree, verb)
    fronted = in_fronted_clause(tree, verb)
    end = first + 1
    present = tree.tag[verb] != "VBD"
    while end < tree.high[verb]:
        comma = tree.form[end] == ","
        if (fronted and comma and tree.region[end] < 0) or end in outside or end in matrix:
            break
        if _clause_is_over(tree, verb, end, present=present):
            break
        present = present or tree.tag[end] in ("VBZ", "VBP", "MD")
        if end > last and _says_again(tree, end):
            return content
        end += 1
    while end > first + 1 and _is_loose(tree, end - 1):
        end -= 1
    return {i for i in range(first, end) if not tree.blank[i]}


def _clause_is_over(tree: Tree, verb: int, i: int, *, present: bool) -> bool:
    """Whether the clause ends before token i: `; B`, `, adding B`, `and Y warned B`."""
    form = tree.form[i]
    if form == ";" or _long_aside(tree, i):
        return True
    if form == "," and _speech_goes_on(tree, i + 1, tree.high[verb]):
        return True
    if form == "," and _matrix_goes_on(tree, verb, i + 1):
        return True
    if tree.region[i] >= 0:
        return False
    return _other_speaker(tree, verb, i) or _second_verb(tree, verb, i, present)


def _says_again(tree: Tree, i: int) -> bool:
    """Whether token i is another verb of saying, outside quotations."""
    return tree.region[i] < 0 and tree.is_full_verb(i) and tree.has(i, "quote")


def _governors(tree: Tree, verb: int) -> set[int]:
    """The verbs that govern a relative clause with this cue: `X, who said A, resigned`."""
    found: set[int] = set()
    inside = False
    while tree.head[verb] != verb and len(found) < _DEEPEST:
        inside = inside or tree.rel[verb] == "acl:relcl"
        verb = tree.head[verb]
        if inside and tree.is_verb(verb):
            found.add(verb)
    return found


def _long_aside(tree: Tree, i: int) -> bool:
    """Whether token i opens a bracket with more than a name or an abbreviation."""
    if tree.form[i] != "(":
        return False
    return not any(tree.form[x] == ")" for x in range(i, min(i + 8, tree.n)))


def _speech_goes_on(tree: Tree, i: int, high: int) -> bool:
    """Whether a participle of speech begins at token i: `..., adding that ...`."""
    return i < high and tree.tag[i] == "VBG" and tree.region[i] < 0 and tree.has(i, "quote")


def in_fronted_clause(tree: Tree, verb: int) -> bool:
    """Whether the cue is in a clause before the main one: `While he said A, B happened`."""
    words = [i for i in range(tree.low[verb], verb) if tree.words[i]]
    if not any(tree.lower[i] in _ADVERBIAL for i in words[:_NEAR_START]):
        return False
    return all(tree.form[i] != "," for i in range(words[0], verb))


def _other_speaker(tree: Tree, verb: int, i: int) -> bool:
    """Whether token i is the `and` of `X said A, and Y warned B`, which begins a new clause."""
    if tree.lower[i] not in ("and", "but", "while") and not (
        tree.lower[i] in _CONCEDING and tree.form[i - 1] == ","
    ):
        return False
    for x in range(i + 2, min(i + 10, tree.high[verb])):
        if tree.form[x] in (",", ";", ":") or tree.is_mark(x):
            return False
        if tree.tag[x] not in FINITE:
            continue
        cue = tree.cue[x]
        if cue is None or cue.kind != "speech" or tree.tag[x] != tree.tag[verb]:
            return False
        subject = next((c for c in tree.children(x, "nsubj") if i < c < x), None)
        conceding = tree.lower[i] in _CONCEDING
        return subject is not None and (conceding or tree.pos[subject] != "PRON")
    return False


def _is_loose(tree: Tree, i: int) -> bool:
    """Whether token i is a stop, a dash or a conjunction, which cannot end a clause."""
    if tree.form[i] == ")" or tree.is_mark(i):
        return False
    return not tree.words[i] or tree.pos[i] == "CCONJ"


def _matrix_goes_on(tree: Tree, verb: int, i: int) -> bool:
    """Whether the sentence around a relative clause continues: `X, who said A, resigned`."""
    if tree.rel[verb] != "acl:relcl" or i >= tree.high[verb]:
        return False
    return tree.tag[i] in FINITE or tree.tag[i] == "VBN"


def _belongs_to_clause(tree: Tree, c: int) -> bool:
    """Whether a dependent of the cue is rather a part of the content."""
    branch = tree.subtree(c)
    low = min(branch)
    before = tree.form[low - 1]
    if tree.base[c] == "obl" and before != ",":
        if any(tree.lower[i] in _SETTING for i in branch):
            return False
        dated = any(tree.entity[i] == DATE for i in branch)
        return not dated or bool(tree.case_words(c) & _LASTING)
    if tree.rel[c] == "conj":
        if any(tree.lower[x] == "that" and tree.rel[x] == "mark" for x in tree.kids[c]):
            return True
        if tree.region[tree.head[c]] < 0 <= tree.region[c]:
            return True
        if not tree.is_verb(c):
            return not any(tree.children(c, "nsubj"))
        own = [c, *tree.children(c, "aux")]
        modal = any(tree.tag[i] == "MD" for i in own)
        return modal and not any(tree.children(c, "nsubj"))
    if tree.rel[c] == "parataxis" and before == ":":
        return True
    return (
        tree.rel[c] in ("advcl", "parataxis")
        and tree.lower[low] in _SUBORDINATING
        and before != ","
    )


def _second_verb(tree: Tree, verb: int, i: int, present: bool) -> bool:
    """Whether token i is the `and` or `but` of `said A and warned B`, by the same speaker."""
    if tree.lower[i] not in ("and", "but"):
        return False
    after = i + 1
    while after < tree.high[verb] and tree.pos[after] == "ADV" and after - i <= 3:
        after += 1
    if after >= tree.high[verb]:
        return False
    cue = tree.cue[after]
    if cue is None or tree.tag[after] != tree.tag[verb] or tree.tag[verb] not in PAST_OR_PRESENT:
        return False
    if cue.kind != "speech" and "infinitive" not in cue.frames:
        return False
    if cue.kind == "speech" and about_things(tree, verb + 1, i):
        return True
    return present if tree.tag[verb] == "VBD" else False


def _inserted(tree: Tree, verb: int, sentence: list[int]) -> tuple[int, int, set[int], bool] | None:
    """The first and last token of the inserted cue and source, the source, and whether it follows
    the verb; None if nothing is inserted."""
    cue = cue_words(tree, verb)
    near = noun_phrase_before(tree, verb)
    if near:
        return min(near), max(cue), near, False
    low, high = min(cue), max(cue)
    following = next((i for i in sentence if i > high), None)
    if (
        following is not None
        and low > 0
        and tree.pos[following] in ("PROPN", "NOUN", "DET", "PRON")
        and is_comma(tree, low - 1)
        and tree.lower[following] not in _NOT_A_SOURCE
    ):
        source = source_at_start(tree, [i for i in sentence if i > high])
        if not source or has_finite(tree, source):
            return None
        return low, max(source), source, True
    noun = source_noun(tree, verb)
    if noun is None or tree.base[noun] != "nsubj" or tree.lower[noun] in ("who", "which", "that"):
        return None
    source = {i for i in noun_phrase(tree, noun) if i < verb}
    return (min(source), high, source, False) if source else None
