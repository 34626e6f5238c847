"""The figures of `report`, as plain values: what text, JSON and page show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.cli.agreement_figures import compared, measure_to_dict, overall
from annotator.cli.context import tell
from annotator.cli.suggester_figures import suggester_figures
from annotator.core.records.codec import time_to_text
from annotator.core.states import ArticleState, QueueFilter
from annotator.core.statistics.statistics_json import (
    notes_to_list,
    statistics_to_dict,
    work_to_dict,
)
from annotator.core.watcher_status import Heartbeat
from annotator.store.values import QueueView

if TYPE_CHECKING:
    from annotator.core.statistics.standing_notes import StandingNote
    from annotator.core.statistics.totals import Totals
    from annotator.store.store import Store
    from annotator.store.values import CarriedCounts

LISTED = 100
MOST_NOTES = 200


def report_figures(
    store: Store, now: datetime, *, inbox: str = "", unsaved: Iterable[tuple[str, int]] = ()
) -> dict[str, Any]:
    """All figures; `inbox` is left out of the paths of files, `unsaved` are files with decisions
    that could not be saved."""
    totals = _totals(store)
    counts = store.queue.counts()
    failed = store.queue.page(QueueView("", state=QueueFilter.FAILED), offset=0, limit=LISTED)
    return {
        "articles": counts.articles,
        **{state.field: counts.of(state) for state in ArticleState},
        "rejected": [
            {
                "name": file.name,
                "path": file.below(inbox),
                "reason": file.reason,
                "hint": file.hint,
                "size": file.size,
                "at": time_to_text(file.at),
            }
            for file in store.files.rejected()
        ],
        "failed_articles": [
            {"id": row.id, "title": row.title, "reason": row.problem} for row in failed
        ],
        "unsaved": [{"name": name, "decisions": number} for name, number in unsaved],
        "dropped_suggestions": store.statistics.dropped_suggestions(),
        "carried_over": _carried(store.statistics.carried_counts()),
        "alike": store.statistics.alike_count(),
        "reviewers": [work_to_dict(totals.work(name)) for name in totals.reviewers],
        "adjudicated": store.statistics.adjudicated(),
        "to_adjudicate": store.queue.size(QueueView("", state=QueueFilter.TO_ADJUDICATE)),
        "together": work_to_dict(totals.work()),
        **statistics_to_dict(totals, store.statistics.names(totals.hardest)),
        "notes": notes_to_list(_notes(store)),
        "suggesters": suggester_figures(store.statistics.suggesters()),
        "agreement": _agreement(store),
        "anchoring": _anchoring(store),
        "checks": _checks(store),
        "reads_everything": store.statistics.reads_everything(),
        "watcher": _watcher(store.watcher.last(), now),
    }


def _carried(counts: CarriedCounts) -> dict[str, Any]:
    """Decisions carried over from earlier texts: reviews, decisions, and those not carried over by
    reason."""
    return {
        "reviews": counts.reviews,
        "carried": counts.carried,
        "not_carried": dict(counts.not_carried),
    }


def _totals(store: Store) -> Totals:
    from annotator.core.statistics.totals import Totals

    totals = Totals()
    for some in store.statistics.reviews_done():
        totals.take(some)
    return totals


def _notes(store: Store) -> list[StandingNote]:
    """The newest notes."""
    notes = (one for some in store.statistics.notes() for one in some)
    return [*islice(notes, MOST_NOTES)]


def _watcher(beat: Heartbeat | None, now: datetime) -> dict[str, Any] | None:
    """The watcher's last heartbeat; `alive` if it is recent."""
    if beat is None:
        return None
    return {
        "at": time_to_text(beat.at),
        "pid": beat.pid,
        "alive": beat.is_recent(now),
        "seconds_ago": round(beat.silent(now), 1),
        **beat.status.to_json(),
    }


def _agreement(store: Store) -> dict[str, Any]:
    """Agreement on articles that more than one reviewer has finished: mean F1 over pairs of
    reviews, and the measures of `agreement` over all of them."""
    from annotator.core.agreement import agreement
    from annotator.measures.comparisons import Comparisons

    found, hidden = Comparisons(), Counter[str]()
    reviewed = compared(
        store, found, lambda error: tell(f"{error.message} {error.hint}"), hidden=hidden
    )
    agreed = agreement(
        [one.review.items for one in reviews] for reviews in reviewed if len(reviews) > 1
    )
    return {
        "pairs": agreed.pairs,
        "entities": agreed.entities,
        "claims": agreed.claims,
        "measures": [measure_to_dict(one) for one in overall(found)],
        "hidden": dict(hidden),
    }


def _anchoring(store: Store) -> dict[str, Any]:
    """How far finished reviews agree with the pipeline, with its suggestions and without."""
    from annotator.measures.pipeline_agreement import anchoring, anchoring_to_dict

    helped = store.statistics.compared(assisted=True)
    alone = store.statistics.compared(assisted=False)
    return anchoring_to_dict(anchoring(helped, alone))


def _checks(store: Store) -> dict[str, Any]:
    """How many articles are checks, and how near each reviewer came to their gold."""
    from annotator.measures.check_figures import check_figures

    articles = store.gold_checks.count()
    found = check_figures(store.gold_checks.outcomes()) if articles else {}
    return {"articles": articles, "reviewers": found}
