"""Finds claims inside the content of others: `X said that Y had denied Z`, speech in quotations.

Most verbs of saying inside a claim belong to what is said (`She said she hopes ...`, `I would say
...`). Only those make a claim of their own that report the words of somebody else, or words of the
speaker on another occasion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotator.lexicon.label_roles import SPEAKERS
from annotator.lexicon.word_lists import HAVE, words_of
from annotator.suggest.claims.cues_beside import cue_to_the_right
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.quotations import MARKS, regions
from annotator.suggest.claims.reported import in_long_quotation, reported_claim
from annotator.suggest.claims.single_marks import SINGLE
from annotator.suggest.claims.sources import repaired, source_words
from annotator.suggest.claims.surface import cue_words
from annotator.suggest.claims.tree import FINITE, NOMINAL, Tree

_NOBODY = words_of("that this these there you who which whoever what one anyone anybody")
_PRONOUNS = words_of("he she they it we i")
_I = words_of("i we")
# Verbs of saying whose subject is a fact as often as a speaker; and those that only go on speaking.
_SHOWING = words_of(
    "show prove demonstrate find reveal suggest indicate imply illustrate highlight underline"
    " underscore signal document calculate convince post publish rule"
)
_NOT_REPORTING = words_of("accept begin continue read sing repeat point observe posit cry reason")
_THINKING = words_of("believe think suspect assume doubt expect hope fear anticipate")
_CALLING = words_of(
    "call describe brand dub label denounce condemn accuse announce deny confirm admit reject"
    " demand"
)
_ASKING = words_of(
    "ask urge beg call implore invite press instruct demand request order command tell advise"
    " forbid"
)
_PROMISING = words_of("promise vow pledge swear threaten")
_DENYING = words_of("deny admit")  # having seen it
# What somebody who says *I* does with the words themselves: `I ask only that ...`.
_PERFORMED = words_of("ask demand urge insist warn promise deny swear beg")
_SAID_NOUNS = words_of("rumour rumor claim report allegation accusation warning suggestion denial")
_CLAUSES = frozenset(("clause", "order", "around"))
_BETWEEN = NOMINAL | {"DET", "ADV", "ADJ"}
_STOPS = frozenset(".!?,;")
_FARTHEST_INNER = 6  # tokens between the cue and a quotation within a quotation
_WITH_OBJECT = frozenset(("infinitive", "object", "preposition"))
_RELATIVE = words_of("who which that whose")
_RELATIVE_TIME = words_of("when where why")
_SHORTEST = 2  # words of content

Hosts = Mapping[int, list[Draft]]


def nested_claims(tree: Tree, hosts: Sequence[Draft], inside: Iterable[Draft]) -> list[Draft]:
    """Drafts for the claims in the content of `hosts`; `inside` are candidates found before."""
    holders: dict[int, list[Draft]] = {}
    for host in hosts:
        for i in host.content:
            holders.setdefault(i, []).append(host)
    used = {host.anchor for host in hosts if host.cue}
    found = [one for one in _inner_quotations(tree, holders) if one.anchor not in used]
    used |= {one.anchor for one in found}
    others = [one for one in inside if one.anchor not in used]
    others += _in_quotations(tree, holders, used | {one.anchor for one in others})
    for draft in others:
        draft.source = _with_relative(tree, draft)
        draft.content = _before_outer_clause(tree, draft.content)
        if _cut_to_hosts(tree, draft, holders[draft.anchor]) and _reports(tree, draft):
            found.append(draft)
    for draft in found:
        draft.pattern = "nested " + draft.pattern
    return found


def _in_quotations(tree: Tree, holders: Hosts, used: set[int]) -> Iterator[Draft]:
    """A draft for each verb in a quotation that is the content of a claim."""
    for verb in sorted(holders.keys() - used):
        if tree.cue[verb] is None or tree.region[verb] < 0 or tree.pos[verb] == "AUX":
            continue
        draft = reported_claim(tree, verb) if tree.is_verb(verb) else None
        if draft is not None:
            yield draft


def _inner_quotations(tree: Tree, holders: Hosts) -> Iterator[Draft]:
    """`“They told us, ‘Wait.’ We waited.”`: a draft for each quotation within a quotation."""
    for tokens in tree.regions:
        if not tokens or tokens[0] not in holders or not in_long_quotation(tree, tokens[0]):
            continue
        for inner in _inner(tree, tokens):
            draft = _said_before(tree, tokens, inner) or _said_after(tree, tokens, inner)
            if draft is not None:
                yield draft


def _inner(tree: Tree, tokens: range) -> Iterator[range]:
    """The quotations within a quotation, by the marks in it."""
    within = tokens[1:-1]
    if not any(tree.form[i] in MARKS or tree.form[i] in SINGLE for i in within):
        return
    for one in regions(tree.text, [(tree.start[within[0]], tree.end[within[-1]])]):
        inner = [i for i in within if one.start <= tree.start[i] and tree.end[i] <= one.end]
        sentence = len(inner) > 2 and tree.form[inner[-2]] in _STOPS
        if sentence or sum(tree.words[i] for i in inner) > 1:
            yield range(inner[0], inner[-1] + 1)


def _said_before(tree: Tree, tokens: range, inner: range) -> Draft | None:
    """`They told us, ‘Wait.’`: by the verb shortly before the inner quotation."""
    for i in range(inner[0] - 1, max(tokens[0], inner[0] - 1 - _FARTHEST_INNER), -1):
        if tree.has(i, "quote") and tree.is_full_verb(i):
            source = repaired(tree, i, source_words(tree, i)) & set(range(tokens[0], i))
            return _quoted(tree, i, source, inner)
        if tree.form[i] not in (",", ":") and tree.pos[i] not in _BETWEEN:
            return None
    return None


def _said_after(tree: Tree, tokens: range, inner: range) -> Draft | None:
    """`‘Wait,’ they told us`: by the verb shortly after the inner quotation."""
    stretch = []
    for i in range(inner[-1] + 1, min(tokens[-1], inner[-1] + 1 + _FARTHEST_INNER)):
        if tree.form[i] in _STOPS - {","}:
            break
        stretch.append(i)
    after = cue_to_the_right(tree, stretch)
    return _quoted(tree, *after, inner) if after is not None else None


def _quoted(tree: Tree, verb: int, source: set[int], inner: range) -> Draft | None:
    cue = tree.cue[verb]
    if cue is None or cue.lemma in _NOT_REPORTING or not _is_finite(tree, verb):
        return None
    if not _may_speak(tree, source):
        return None
    return Draft(verb, set(inner), source, cue_words(tree, verb), "quote", cue.lemma)


def _with_relative(tree: Tree, draft: Draft) -> set[int]:
    """The source `commanders she had met`, of which the parser has only `commanders she`."""
    last = max(draft.source, default=draft.anchor)
    if len(draft.source) < 2 or tree.pos[last] != "PRON" or tree.pos[last - 1] != "NOUN":
        return draft.source
    missing = range(last + 1, draft.anchor)
    whole = bool(missing) and all(tree.words[i] for i in missing)
    return draft.source | (set(missing) - draft.cue) if whole else draft.source


def _before_outer_clause(tree: Tree, content: set[int]) -> set[int]:
    """`said X claims A, but that B`: B is a second clause of the outer cue."""
    if tree.lower[min(content)] == "that":
        return content
    for i in sorted(content):
        if tree.lower[i] in ("and", "but") and tree.lower[i + 1 : i + 2] == ["that"]:
            return {x for x in content if x < i}
    return content


def _cut_to_hosts(tree: Tree, draft: Draft, hosts: Sequence[Draft]) -> bool:
    """Cut the content to that of the hosts; returns whether the draft is a part of all of them."""
    if draft.pattern == "noun":
        draft.source = {i for i in draft.source if all(i in host.content for host in hosts)}
    for host in hosts:
        draft.content &= host.content
        if draft.anchor == host.anchor or not draft.source <= host.content:
            return False
        if draft.content == host.content:
            return False
    region = tree.region[draft.anchor]
    if region >= 0:
        marks = {i for i in (tree.regions[region][0], tree.regions[region][-1]) if tree.is_mark(i)}
        draft.content = {i for i in draft.content if tree.region[i] == region} - marks
        return bool(draft.content) and all(tree.region[i] == region for i in draft.source)
    return bool(draft.content)


def _reports(tree: Tree, draft: Draft) -> bool:
    """Whether the draft reports words of somebody else, or of another occasion."""
    cue = tree.cue[draft.anchor]
    if draft.pattern == "noun":
        return draft.lemma in _SAID_NOUNS and tree.lower[min(draft.content)] == "that"
    if cue is None or not _may_speak(tree, draft.source) or not _is_finite(tree, draft.anchor):
        return False
    if sum(tree.words[i] for i in draft.content) < _SHORTEST or _repeats_itself(tree, draft):
        return False
    if draft.pattern in _WITH_OBJECT and _lacks_object(tree, draft):
        return False
    if draft.pattern == "infinitive":
        return cue.lemma in _ASKING | _PROMISING | _DENYING or _expects(tree, draft)
    if draft.pattern == "preposition":
        return cue.lemma in _ASKING
    if draft.pattern == "object":
        return cue.lemma in _CALLING
    if draft.pattern not in _CLAUSES or len(draft.content) <= _SHORTEST:
        return False
    if cue.kind == "mind":
        return tree.region[draft.anchor] < 0 and cue.lemma in _THINKING
    return _tells(tree, draft)


def _lacks_object(tree: Tree, draft: Draft) -> bool:
    """`the cuts they pledged to make`, `what they call a service`: the rest stands before."""
    first = min(draft.source)
    noun, before = ["", "", *tree.lower[max(0, first - 2) : first]][-2:]
    if before == "that" and noun in tree.lexicon.nouns:  # the report that they pledged to go
        return False
    relative = tree.rel[draft.anchor] == "acl:relcl"
    own = any(tree.lower[i] in _RELATIVE for i in draft.source)
    return before == "what" or (relative and not own and before not in _RELATIVE_TIME)


def _tells(tree: Tree, draft: Draft) -> bool:
    """Whether a verb with a clause tells what its subject said: not `The tapes show ...`."""
    cue = tree.cue[draft.anchor]
    assert cue is not None
    denied = cue.stance == "asserts" and "not" in {tree.lower[i] for i in draft.cue}
    if denied or cue.lemma in _NOT_REPORTING:
        return False
    people = _PRONOUNS - {"it"}
    speaks = any(tree.entity[i] in SPEAKERS or tree.lower[i] in people for i in draft.source)
    if cue.lemma in _SHOWING and not speaks:
        return False
    return cue.kind == "speech" or cue.lemma in _PROMISING


def _expects(tree: Tree, draft: Draft) -> bool:
    """`The union expected prices to fall`, outside quotations."""
    cue = tree.cue[draft.anchor]
    expecting = cue is not None and cue.kind == "mind" and cue.lemma in _THINKING
    return expecting and tree.region[draft.anchor] < 0


def _repeats_itself(tree: Tree, draft: Draft) -> bool:
    """Whether somebody says what they say: `She said she hopes ...`, `“I say that ...”`.

    Not `She said she had warned that ...`, which was on another occasion.
    """
    words = {tree.lower[i] for i in draft.source}
    if tree.region[draft.anchor] >= 0:
        now = tree.tag[draft.anchor] != "VBD"
        return bool(words & _I) and now and draft.lemma not in _PERFORMED
    own = len(words) == 1 and bool(words & _PRONOUNS)
    earlier = not HAVE.isdisjoint(tree.lower[i] for i in draft.cue)
    asks = draft.pattern == "infinitive" and draft.lemma in _ASKING | _PROMISING | _DENYING
    return own and not earlier and not asks


def _may_speak(tree: Tree, source: set[int]) -> bool:
    """Whether the words can be a source: somebody, not `you` or `whoever`."""
    return bool(source) and not any(tree.lower[i] in _NOBODY for i in source)


def _is_finite(tree: Tree, verb: int) -> bool:
    """Whether the verb or an auxiliary of it is finite, and not a modal: not `I would say`."""
    if tree.tag[verb] in FINITE:
        return True
    return any(tree.tag[c] in FINITE and tree.tag[c] != "MD" for c in tree.children(verb, "aux"))
