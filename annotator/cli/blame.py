"""`annotator blame`: who last touched each item of an article that stands, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from annotator.cli.context import say
from annotator.cli.log import ArticleName, journal_of, opened_line, tell_hidden
from annotator.cli.options import Json
from annotator.core.journal.last_touch import LastTouch, last_touches
from annotator.core.records.codec import item_to_dict, time_to_text
from annotator.core.reviewing.wording import named, past

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview


def blame(context: typer.Context, article: ArticleName, as_json: Json = False) -> None:
    """Say who last touched each item that stands, and when."""
    journal = journal_of(context, article)
    plain = [_plain(touch, one) for one in journal.reviews for touch in last_touches(one.review)]
    result = {"items": plain, "hidden": journal.hidden}
    say(result, as_json=as_json, text=_lines(journal.reviews))
    tell_hidden(journal)


def _plain(touch: LastTouch, opened: OpenedReview) -> dict[str, Any]:
    decision = touch.decision
    return {
        "review": opened.review.reviewer,
        "reviewer": decision.reviewer if decision else None,
        "at": time_to_text(decision.at) if decision else None,
        "kind": decision.kind.value if decision else None,
        "decision": decision.id if decision else None,
        "item": item_to_dict(touch.item, opened.article.text),
    }


def _lines(opened: Sequence[OpenedReview]) -> Iterator[str]:
    if not opened:
        yield "No decisions."
    for one in opened:
        yield opened_line(one)
        for touch in last_touches(one.review):
            what = named(touch.item, one.article.text)
            decision = touch.decision
            if decision is None:
                yield f"  {'':<19}  nobody yet: {what}, from {touch.item.made_by}"
            else:
                when = f"{decision.at:%Y-%m-%d %H:%M:%S}"
                yield f"  {when}  {decision.reviewer} {past(decision.kind)} {what}"
