"""`annotator bundle`: articles taken along, reviewed without a network, and brought home."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.context import INTERRUPTED, Workspace, many, say, tell, workspace_of
from annotator.cli.options import Json
from annotator.cli.targets import folders_made, keep_inbox_safe, path_given
from annotator.errors import ExportError

if TYPE_CHECKING:
    from annotator.core.assignment import ReviewPlan
    from annotator.export.bundle_out import BundleMade
    from annotator.importing.bundle_in import BundleResult, BundleSurvey
    from annotator.store.bundling.bringing import BringTerms
    from annotator.store.store import Store
    from annotator.store.values import QueueView

bundle = typer.Typer(
    no_args_is_help=True, help="Take articles along, review them offline, bring decisions home."
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="The bundle, one file.")]
Articles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ARTICLE]...", help="Articles: ids, unique prefixes of ids, or names of files."
    ),
]
Reviewers = Annotated[
    list[str] | None,
    typer.Option("--reviewer", metavar="NAME", help="Whose reviews; may be given several times."),
]
Outlet = Annotated[str | None, typer.Option("--outlet", metavar="NAME", help="Of this outlet.")]
InStory = Annotated[str | None, typer.Option("--story", metavar="ID", help="Of this story.")]
Number = Annotated[
    int | None,
    typer.Option("--count", metavar="N", min=1, help="Take N articles along, the newest first."),
]
Days = Annotated[
    float,
    typer.Option(
        "--days", metavar="N", min=0.01, max=365, help="How long the articles are held here."
    ),
]
Plain = dict[str, Any]
_PAGE = 200


@bundle.command("out")
def out(
    context: typer.Context,
    file: File,
    articles: Articles = None,
    outlet: Outlet = None,
    story: InStory = None,
    count: Number = None,
    days: Days = 7.0,
    reviewer: Reviewers = None,
    as_json: Json = False,
) -> None:
    """Write articles with their suggestions and your own reviews to FILE; they are held here.

    Where a bundle came in, and nothing else is asked for: the decisions on its articles.
    """
    from annotator.export.bundle_out import BundleOrder, refuse_other_files, write_bundle
    from annotator.settings import load_scheme, workspace_config

    target = path_given(file)
    workspace = workspace_of(context)
    chosen = workspace.settings()
    keep_inbox_safe(target, chosen)
    refuse_other_files(target)
    who = tuple(dict.fromkeys(reviewer or [chosen.reviewer]))
    with closing(workspace.open_store(chosen)) as store:
        plan = workspace_config(chosen, workspace.folder).plan
        wanted = _wanted(store, who, articles or [], (outlet, story, count), plan)
        if not wanted and (outlet or story or count):
            raise _none_left(who[0])
        now, hold = datetime.now(UTC), timedelta(days=days)
        order = BundleOrder(tuple(wanted), who, load_scheme(chosen), plan, now, hold)
        with _stoppable("taken along", _NOTHING_TAKEN) as step, folders_made(target):
            made = write_bundle(store, target, order, step)
        others = store.bundles.decided_by_others(who)
    _tell_made(target, made, as_json=as_json)
    if made.head.until is None:
        for name, number in others.items():
            tell(f"{many(number, 'review')} by {name} are not in it; give --reviewer {name}.")


@bundle.command("in")
def in_(
    context: typer.Context, file: File, reviewer: Reviewers = None, as_json: Json = False
) -> None:
    """Take in a bundle: articles to review, or decisions that come home; twice changes nothing."""
    from annotator.formats.bundle_file import opened_bundle
    from annotator.importing.bundle_in import bring_in, check_scheme, survey
    from annotator.settings import load_scheme, workspace_config
    from annotator.store.bundling.bringing import BringTerms

    source = path_given(file)
    workspace = workspace_of(context)
    chosen = workspace.settings()
    with opened_bundle(source) as opened:
        with _stoppable("read", _TO_GO_ON) as step:
            found = survey(opened, step)
        check_scheme(found, load_scheme(chosen))
        _check_names(found, reviewer or [])
        with closing(workspace.open_store(chosen)) as store:
            terms = BringTerms(
                datetime.now(UTC),
                frozenset(reviewer) if reviewer else None,
                workspace_config(chosen, workspace.folder).plan,
                is_outward=found.head.until is not None,
            )
            with _stoppable("taken in", _TO_GO_ON) as step:
                result = bring_in(store, opened, terms, step)
    kept = _keep_aside(workspace, result.left)
    _tell_result(found, result, terms, kept, as_json=as_json)


@bundle.command("away")
def away(context: typer.Context, reviewer: Reviewers = None, as_json: Json = False) -> None:
    """List articles that are away in bundles: with whom, since when, until when."""
    workspace = workspace_of(context)
    chosen = workspace.settings()
    with closing(workspace.open_store(chosen)) as store:
        found = store.bundles.away(reviewer)
        names = store.stories.names([one.article for one in found])
    plain = [
        {
            "article": one.article,
            "reviewer": one.reviewer,
            "since": _time(one.since),
            "until": _time(one.until),
        }
        for one in found
    ]
    lines = [
        f"{one.article[:12]}  {one.reviewer}, since {_day(one.since)}, until {_day(one.until)}  "
        f"{names.get(one.article, '')}"
        for one in found
    ]
    if as_json or lines:
        say({"articles": plain}, as_json=as_json, text=lines)
    else:
        tell("No article is away.")


@bundle.command("end")
def end(
    context: typer.Context,
    articles: Articles = None,
    reviewer: Reviewers = None,
    as_json: Json = False,
) -> None:
    """Free articles that are away before their time; what was done on them can still come home."""
    from annotator.export.bundle_out import freed

    if not articles and not reviewer:
        raise typer.BadParameter("name articles, or give --reviewer")
    workspace = workspace_of(context)
    with closing(workspace.open_store(workspace.settings())) as store:
        wanted = _all_meant(store, articles or [])
        ended = freed(store, wanted, reviewer)
    say({"ended": ended}, as_json=as_json, text=f"{many(len(ended), 'article')} freed.")


_NOTHING_TAKEN = "Stopped: nothing is held, and no file was written."
_TO_GO_ON = "Stopped: what was taken in is stored. Run the same command again for the rest."


@contextmanager
def _stoppable(doing: str, stopped: str) -> Iterator[Callable[[int, int], None]]:
    """Work with a progress bar that SIGINT and SIGTERM stop between two articles; then it ends the
    verb, after saying what that means."""
    from annotator.cli.progress import progress_shown
    from annotator.cli.worker_options import stopped_by_signals
    from annotator.ingest.stopping import Stop

    stop = Stop()
    try:
        with stopped_by_signals(stop), progress_shown(f"articles {doing}") as progress:

            def step(done: int, total: int) -> None:
                progress(done, total)
                if stop.asked.is_set():
                    raise KeyboardInterrupt

            yield step
    except KeyboardInterrupt:
        tell(stopped)
        raise typer.Exit(INTERRUPTED) from None


def _wanted(
    store: Store,
    who: Sequence[str],
    articles: Sequence[str],
    filters: tuple[str | None, str | None, int | None],
    plan: ReviewPlan,
) -> list[str]:
    """The articles that are to go along."""
    from annotator.core.states import QueueFilter
    from annotator.store.values import QueueView

    outlet, story, count = filters
    if articles:
        return _all_meant(store, articles)
    if story is not None:
        found = list(store.stories.meant(story, who[0]).articles)
        if outlet is not None:
            found = [one for one in found if store.articles.get(one).is_from(outlet)]
        return found[:count]
    if outlet is None and count is None:
        return store.bundles.decided(who)
    view = QueueView(
        who[0],
        QueueFilter.OPEN,
        outlet,
        reviews_per_article=plan.reviews_per_article,
        overlap=plan.overlap,
        checks=plan.checks,
    )
    return store.gold_checks.along(who[0], _from_queue(store, view, count), share=plan.checks)


def _none_left(reviewer: str) -> ExportError:
    return ExportError(
        f"No such article is left for {reviewer} to review.",
        hint="`annotator bundle away` lists what is away; `annotator report` counts what is ready.",
    )


def _all_meant(store: Store, articles: Sequence[str]) -> list[str]:
    meant = (id for words in articles for id in store.articles.all_meant(words))
    return list(dict.fromkeys(meant))


def _from_queue(store: Store, view: QueueView, count: int | None) -> list[str]:
    """Articles that a reviewer can start or continue, in the order of the queue, without checks."""
    now, found, offset = store.now(), list[str](), 0
    while page := store.queue.page(view, offset=offset, limit=_PAGE):
        offset += len(page)
        free = [
            one for one in page if one.reviewer in (None, view.reviewer) or not one.is_in_hand(now)
        ]
        checks = store.gold_checks.among([one.id for one in free])
        found += [one.id for one in free if one.id not in checks]
        if count is not None and len(found) >= count:
            break
    return found[:count]


def _check_names(found: BundleSurvey, wanted: Sequence[str]) -> None:
    unknown = [name for name in wanted if name not in found.reviewers]
    if unknown and found.reviewers:
        names = ", ".join(found.reviewers)
        raise typer.BadParameter(
            f"nothing in it is by {', '.join(unknown)}; it holds decisions of {names}"
        )


def _keep_aside(workspace: Workspace, left: Sequence[tuple[Any, str]]) -> list[str]:
    """Write decisions that could not be stored to files, as the screens do; returns these."""
    if not left:
        return []
    from annotator.tui.saving.rescue_files import rescue

    return [str(path) for path in rescue(left, workspace.folder.resolve())]


def _tell_made(target: Path, made: BundleMade, *, as_json: bool) -> None:
    head = made.head
    result: Plain = {
        "output": str(target),
        "articles": head.articles,
        "reviews": made.reviews,
        "reviewers": list(head.reviewers),
        "until": None if head.until is None else _time(head.until),
        "identities": made.identities,
        "stories": made.stories,
        "left_out": [{"article": id, "reason": why} for id, why in made.left_out],
    }
    held = "" if head.until is None else f", held here until {_day(head.until)}"
    begun = f", {many(made.reviews, 'review')}" if made.reviews else ""
    say(result, as_json=as_json, text=f"{target}: {many(head.articles, 'article')}{begun}{held}.")
    for id, why in made.left_out:
        tell(f"Left out: {id[:12]}: {why}")


def _tell_result(
    found: BundleSurvey,
    result: BundleResult,
    terms: BringTerms,
    kept: Sequence[str],
    *,
    as_json: bool,
) -> None:
    skipped = [name for name in found.reviewers if not terms.takes(name)]
    plain: Plain = {
        "added": result.changed,
        "known": result.unchanged,
        "conflicts": len(result.conflicts),
        "articles": result.articles,
        "decisions": {"added": result.added, "known": result.known},
        "identities": result.identities,
        "stories": result.stories,
        "reviewers": {
            name: {
                "decisions": found.decisions[name],
                "identities": found.identities[name],
                "stories": found.stories[name],
            }
            for name in found.reviewers
        },
        "skipped": skipped,
        "unexpected": sorted(result.untold),
        "conflict_list": [
            {"article": one.article, "reviewer": one.reviewer, "kind": one.kind, "message": words}
            for one, words in result.conflicts
        ],
        "purged": [name for name, _ in result.purged],
        "superseded": result.superseded,
        "kept_in": list(kept),
    }
    say(plain, as_json=as_json, text=_summary(result))
    for line in _remarks(found, result, skipped, kept):
        tell(line)


def _summary(result: BundleResult) -> str:
    new = f"{many(result.changed, 'article')} new or changed, {result.unchanged:,} known"
    decided = f"{many(result.added, 'decision')} added, {result.known:,} known"
    conflicts = f", {many(len(result.conflicts), 'conflict')}" if result.conflicts else ""
    return f"{new}; {decided}{conflicts}."


def _remarks(
    found: BundleSurvey, result: BundleResult, skipped: Sequence[str], kept: Sequence[str]
) -> list[str]:
    lines = []
    for name in found.reviewers:
        counts = (
            (found.decisions[name], "in reviews"),
            (found.identities[name], "on identities"),
            (found.stories[name], "on stories"),
        )
        parts = ", ".join(f"{number:,} {what}" for number, what in counts if number)
        left = " (left out)" if name in skipped else ""
        lines.append(f"Decisions by {name}{left}: {parts}.")
    if result.untold:
        names = " and ".join(sorted(result.untold))
        lines.append(
            f"{names} took no bundle along from here: check that these reviews are theirs."
        )
    lines += [words for _, words in result.conflicts]
    lines += [f"{name}: {why} Nothing of it was stored." for name, why in result.purged]
    lines += [f"{name}: a newer text has replaced it here." for name in result.superseded]
    if kept:
        lines.append(f"Kept in {' and '.join(kept)}; the next start of the screens tries them.")
    if found.head.until is not None and result.changed:
        name = found.head.reviewers[0]
        lines.append(f"Taken along by {name}; to review them: annotator review --reviewer {name}")
    return lines


def _time(at: datetime) -> str:
    from annotator.core.records.codec import time_to_text

    return time_to_text(at)


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
