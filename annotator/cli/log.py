"""`annotator log`: every decision on an article, in order and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.core.journal.narrative import ToldDecision, told_in_order
from annotator.core.records.codec import decision_to_dict, time_to_text

if TYPE_CHECKING:
    from annotator.store.journal.article_journal import VisibleJournal
    from annotator.store.values import OpenedReview

ArticleName = Annotated[
    str,
    typer.Argument(
        metavar="ARTICLE", help="Article id, a unique prefix of it, or the name of its file."
    ),
]


def log(context: typer.Context, article: ArticleName, as_json: Json = False) -> None:
    """Tell every decision of every review of an article, in order, in words."""
    journal = journal_of(context, article)
    opened = journal.reviews
    text = opened[0].article.text if opened else ""
    told = [*told_in_order([one.review for one in opened], text)]
    plain = [_plain(one, text) for one in told]
    result = {"decisions": plain, "hidden": journal.hidden}
    say(result, as_json=as_json, text=_lines(opened, told))
    tell_hidden(journal)


def journal_of(context: typer.Context, article: str) -> VisibleJournal:
    """The reviews of the article that is meant."""
    workspace = workspace_of(context)
    with closing(workspace.open_store(workspace.settings())) as store:
        return store.journal.of(store.articles.meant(article))


def tell_hidden(journal: VisibleJournal) -> None:
    """Say that there are reviews which are not to be seen yet."""
    if journal.hidden:
        whose = many(journal.hidden, "review")
        tell(f"{whose} of others: not shown before you have finished yours.")


def _plain(one: ToldDecision, text: str) -> dict[str, Any]:
    return decision_to_dict(one.decision, text) | {"words": one.words}


def _lines(opened: Sequence[OpenedReview], told: Sequence[ToldDecision]) -> Iterator[str]:
    if not opened:
        yield "No decisions."
        return
    article = opened[0].article
    yield f"{article.id[:12]}  {article.title or article.origin.name or ''}"
    for one in opened:
        yield opened_line(one)
    width = max(len(one.review.reviewer) for one in opened)
    for each in told:
        decision = each.decision
        when = f"{decision.at:%Y-%m-%d %H:%M:%S}"
        yield f"{when}  {decision.reviewer:<{width}}  {decision.seq:>4}  {each.words}"


def opened_line(opened: OpenedReview) -> str:
    """How a review began, and whether it is finished."""
    review = opened.review
    by = f" by {opened.pipeline.name} {opened.pipeline.version}" if opened.pipeline else ""
    what = f"{many(len(review.suggestions), 'suggestion')}{by}"
    with_what = what if opened.assisted else "no suggestions, on purpose"
    state = "open" if review.finished is None else f"finished {time_to_text(review.finished)}"
    kind = "" if opened.kind == "review" else f" ({opened.kind})"
    began = time_to_text(opened.started)
    return f"{review.reviewer}{kind}: opened {began} with {with_what}; {state}"
