"""`annotator report`: how far the work is, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.cli.shared import Json, open_store, say, settings

if TYPE_CHECKING:
    from annotator.store.values import Counts, Heartbeat, RejectedFile


def report(as_json: Json = False) -> None:
    """Say how far the work is, which files were rejected and why, and how reviewers agree."""
    store = open_store(settings())
    try:
        counts, rejected, beat = store.counts(), store.rejected_files(), store.heartbeat()
    finally:
        store.close()
    result = {
        "articles": counts.articles,
        "waiting": counts.waiting,
        "ready": counts.ready,
        "in_review": counts.in_review,
        "finished": counts.finished,
        "failed": counts.failed,
        "rejected": [
            {"name": file.name, "reason": file.reason, "hint": file.hint, "size": file.size}
            for file in rejected
        ],
        "watcher": {"at": beat.at.isoformat(), "pid": beat.pid, **beat.details} if beat else None,
    }
    say(result, as_json=as_json, text=_text(counts, rejected, beat))


def _text(counts: Counts, rejected: tuple[RejectedFile, ...], beat: Heartbeat | None) -> str:
    lines = [
        f"articles   {counts.articles:>8,}",
        f"waiting    {counts.waiting:>8,}",
        f"ready      {counts.ready:>8,}",
        f"in review  {counts.in_review:>8,}",
        f"finished   {counts.finished:>8,}",
        f"failed     {counts.failed:>8,}",
        f"rejected   {len(rejected):>8,}",
    ]
    lines += [f"  {file.name}: {file.reason} {file.hint}".rstrip() for file in rejected]
    if beat:
        lines.append(f"last sign of a watcher: {beat.at:%Y-%m-%d %H:%M:%S} UTC")
    return "\n".join(lines)
