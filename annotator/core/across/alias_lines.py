"""Lines of an alias file: somebody with further names, as OpenSanctions and Wikidata have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from annotator.core.across.identity_log import Identity
from annotator.core.across.mentions import key_of
from annotator.core.records.json_lines import value_in
from annotator.errors import RecordError
from annotator.lexicon.label_roles import PERSON

LONGEST_LINE = 1_000_000
MOST_NAMES = 500
_LONGEST_NAME = 200
Alias = tuple[str, Identity]
"""A name as it is compared (`mentions.key_of`), and who has it."""


def aliases_in(line: str) -> tuple[Alias, ...]:
    """The names in a line, `{"name": …, "aliases": […]}`, each once.

    `id`, `type` and `link` are kept if they are text. Without an id, the link or the name is taken.
    Raises RecordError for a line that gives none.
    """
    if len(line) > LONGEST_LINE:
        raise RecordError(f"the line has more than {LONGEST_LINE:,} characters")
    plain = value_in(line)
    if not isinstance(plain, dict):
        raise RecordError("this is not an object with `name` and `aliases`")
    name, aliases = _words(plain.get("name")), plain.get("aliases", [])
    if not name:
        raise RecordError("`name` is missing")
    if not isinstance(aliases, list) or not all(isinstance(one, str) for one in aliases):
        raise RecordError("`aliases` is not a list of names")
    if len(aliases) > MOST_NAMES:
        raise RecordError(f"there are more than {MOST_NAMES} names")
    identity = _identity(plain, name)
    return tuple((key, identity) for key in _keys([name, *aliases], identity.type))


def _identity(plain: dict[str, Any], name: str) -> Identity:
    id, type, link = (_words(plain.get(field)) for field in ("id", "type", "link"))
    if link is None and id is not None and ":" in id:
        link = id
    return Identity(id or link or f"alias:{name}", name, type or "", link)


def _words(value: object) -> str | None:
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return words if 0 < len(words) <= _LONGEST_NAME else None


def _keys(names: Iterable[str], type: str) -> dict[str, None]:
    words = (one for one in map(_words, names) if one)
    keys = (key_of(one, label) for one in words for label in dict.fromkeys((type, PERSON, "")))
    return dict.fromkeys(key for key in keys if key)
