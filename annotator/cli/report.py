"""`annotator report`: how far the work is, and what could not be read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from annotator.cli.options import Json
from annotator.cli.shared import open_store, say, settings

if TYPE_CHECKING:
    from annotator.core.agreement import Agreement
    from annotator.store.store import Store


def report(as_json: Json = False) -> None:
    """Say how far the work is, which files were rejected and why, and how reviewers agree."""
    store = open_store(settings())
    try:
        result = _result(store)
    finally:
        store.close()
    say(result, as_json=as_json, text=_text(result))


def _result(store: Store) -> dict[str, Any]:
    counts, beat = store.counts(), store.heartbeat()
    agreed = _agreement(store)
    return {
        "articles": counts.articles,
        "waiting": counts.waiting,
        "ready": counts.ready,
        "in_review": counts.in_review,
        "finished": counts.finished,
        "failed": counts.failed,
        "superseded": counts.superseded,
        "rejected": [
            {"name": file.name, "reason": file.reason, "hint": file.hint, "size": file.size}
            for file in store.rejected_files()
        ],
        "dropped_suggestions": store.dropped_suggestions(),
        "agreement": {
            "pairs": agreed.pairs,
            "entities": agreed.entities,
            "claims": agreed.claims,
        },
        "watcher": {"at": beat.at.isoformat(), "pid": beat.pid, **beat.details} if beat else None,
    }


def _agreement(store: Store) -> Agreement:
    """Over the articles that more than one reviewer has finished."""
    from annotator.core.agreement import agreement

    reviewers = defaultdict(list)
    for article, reviewer in store.finished_keys():
        reviewers[article].append(reviewer)
    return agreement(
        [store.review(article, name).review.items for name in names]
        for article, names in reviewers.items()
        if len(names) > 1
    )


def _text(result: dict[str, Any]) -> str:
    lines = [
        f"{name.replace('_', ' '):<10} {result[name]:>8,}"
        for name in (
            "articles",
            "waiting",
            "ready",
            "in_review",
            "finished",
            "failed",
            "superseded",
        )
    ]
    lines.append(f"{'rejected':<10} {len(result['rejected']):>8,}")
    lines += [f"  {r['name']}: {r['reason']} {r['hint']}".rstrip() for r in result["rejected"]]
    if result["dropped_suggestions"]:
        lines.append(
            f"{result['dropped_suggestions']:,} suggestions were dropped: "
            "the label scheme does not know their labels"
        )
    agreed = result["agreement"]
    if agreed["pairs"]:
        figures = ", ".join(
            f"{part} {agreed[part]:.1%}"
            for part in ("entities", "claims")
            if agreed[part] is not None
        )
        lines.append(f"agreement (F1 over {agreed['pairs']} pairs of reviews): {figures}")
    if result["watcher"]:
        lines.append(f"last sign of a watcher: {result['watcher']['at']}")
    return "\n".join(lines)
