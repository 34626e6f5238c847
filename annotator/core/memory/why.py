"""Why something is suggested as it is: what is known of its form, in words."""

from __future__ import annotations

from annotator.core.memory.known import Known

_FEW = {1: "once", 2: "twice"}
_MOST_LABELS = 3
_SHORT = 24


def why(known: Known) -> str:
    """As in `accepted 7 times as ORG, rejected twice, last by ra`; empty where nothing is known."""
    said: list[str] = []
    for label, times in list(known.accepted.items())[:_MOST_LABELS]:
        verb = "" if said else "accepted "
        said.append(f"{verb}{_times(times)}{f' as {label}' if label else ''}")
    instead: dict[str, int] = {}
    for (_, one), tally in known.instead.items():
        if one.left or one.right:
            instead[one.form] = instead.get(one.form, 0) + tally.times
    for form, times in list(instead.items())[:1]:
        said.append(f"changed {_times(times)} to “{form[:_SHORT]}”")
    if known.rejections:
        said.append(f"rejected {_times(known.rejections)}")
    if not said:
        return ""
    return ", ".join([*said, f"last by {known.by}"])


def _times(number: int) -> str:
    return _FEW.get(number, f"{number} times")
