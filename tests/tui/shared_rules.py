"""Style rules parsed once in a process, not once for each app that a test starts, and again for
each change of its colours."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_RULES: dict[Hashable, list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def share_rules() -> None:
    """From now on all apps of this process share the rules that are the same in them."""
    setattr(Stylesheet, "_parse_rules", _shared_rules)  # noqa: B010  # private, in tests


def _shared_rules(sheet: Stylesheet, css: str, *place: Any, **options: Any) -> list[RuleSet]:
    key = (css, place, *options.items(), *sheet._variables.items())
    if key not in _RULES:
        _RULES[key] = _parse_rules(sheet, css, *place, **options)
    return _RULES[key]
