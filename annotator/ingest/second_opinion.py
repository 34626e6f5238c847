"""Asks suggesters for their opinions while our pipeline works, each in a process of its own.

A suggester that fails, crashes or takes too long has no opinion on that article. After three
failures in a row it is left alone for some minutes, so that it slows nothing down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from annotator.core.annotations import Entity, Item, MadeBy
from annotator.core.article import Span
from annotator.core.opinions import Opinion, outside_junk
from annotator.core.record import PipelineId
from annotator.errors import ModelError
from annotator.ingest.plan import SuggesterPlan
from annotator.ingest.suggester_child import NoAnswer, SuggesterChild
from annotator.store.values import Leased, SecondOpinion

_LOADING = 600.0
"""Seconds within which a pipeline must be loaded."""
_IN_A_ROW = 3
_LEFT_ALONE = 300.0
# Seconds between messages to the pool that a suggester is being waited for, and between checks for
# a stop.
_PATIENCE, _LOOK = 30.0, 0.5
_ANY_LANGUAGE = "xx"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a suggester answered: rows of start, end, label and score, or why it did not."""

    rows: tuple[tuple[int, int, str, float | None], ...] = ()
    problem: str | None = None


class SuggesterClient:
    """One suggester and its process, which is replaced when it dies. For one thread at a time."""

    def __init__(self, plan: SuggesterPlan, clock: Callable[[], float] = time.monotonic) -> None:
        self.plan = plan
        self.pipeline = PipelineId(plan.name, "", "")
        self.labels: frozenset[str] = frozenset()
        self.language = _ANY_LANGUAGE
        self.is_cancelled = False
        self._clock = clock
        self._child: SuggesterChild | None = None
        self._failures = 0
        self._resumes = 0.0
        self._last_problem = ""
        self._told: list[str] = []

    def launch(self) -> None:
        """Start the process, which loads its pipeline."""
        self.end()
        self._child = SuggesterChild(asdict(self.plan))

    def wait_until_loaded(self) -> None:
        """Raises ModelError if the pipeline cannot be loaded."""
        plan = self.plan
        assert self._child is not None  # it was launched
        try:
            said = self._child.receive(within=_LOADING)
        except NoAnswer as error:
            raise ModelError(
                f"The suggester {plan.name} cannot be loaded: it {error}.",
                hint="Correct or remove it in annotator.toml.",
            ) from error
        if "error" in said:
            raise ModelError(said["error"], hint=said["hint"])
        self.pipeline = PipelineId(*said["pipeline"])
        self.language = said["language"]
        self.labels = frozenset(plan.labels.get(label, label) for label in said["labels"])

    def speaks(self, language: str | None) -> bool:
        """Whether it is asked for its opinion on an article in this language."""
        return language is None or self.language in (language, _ANY_LANGUAGE)

    def answers(self, texts: Sequence[str | None]) -> list[Reply | None]:
        """Its answer to each text; None where it is not asked (None), or was cancelled."""
        return [None if text is None or self.is_cancelled else self._answer(text) for text in texts]

    def give_up(self) -> None:
        """End what it is doing, from another thread; it is asked nothing more."""
        self.is_cancelled = True
        if (child := self._child) is not None:
            child.end()

    def news(self) -> list[str]:
        """What went wrong since the last call, for the log; not once for each article."""
        told, self._told = self._told, []
        return told

    def end(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _answer(self, text: str) -> Reply:
        if self._failures >= _IN_A_ROW and self._clock() < self._resumes:
            return Reply(problem=f"left out after {_IN_A_ROW} failures: {self._last_problem}")
        try:
            if self._child is None:
                self.launch()
                self.wait_until_loaded()
            assert self._child is not None  # it was launched
            self._child.send(text)
            said = self._child.receive(within=self.plan.seconds)
        except (NoAnswer, ModelError) as error:
            self.end()
            return self._failed(str(error))
        if "problem" in said:
            return self._failed(said["problem"])
        self._failures = 0
        return Reply(tuple((*row,) for row in said["entities"]))

    def _failed(self, problem: str) -> Reply:
        self._failures += 1
        self._last_problem = problem
        if self._failures == _IN_A_ROW:
            self._told.append(
                f"The suggester {self.plan.name} is left out for {_LEFT_ALONE / 60:.0f} minutes "
                f"after {_IN_A_ROW} failures in a row: {problem}"
            )
        if self._failures >= _IN_A_ROW:
            self._resumes = self._clock() + _LEFT_ALONE
        return Reply(problem=problem)


@dataclass
class Replies:
    """The answers of the suggesters to one batch."""

    by: Sequence[tuple[SuggesterClient, Sequence[Reply | None]]] = ()

    def opinions_on(
        self, place: int, items: Sequence[Item], labels: Collection[str]
    ) -> tuple[SecondOpinion, ...]:
        """The opinions on the article at this place of the batch, outside the junk lines in
        `items`, which our pipeline suggested; `labels` are those of the scheme (empty: all)."""
        return tuple(
            _opinion(client, answer, items, labels)
            for client, answers in self.by
            if (answer := answers[place]) is not None
        )


class Interrupted(Exception):
    """The worker must stop, so suggesters are not waited for any longer."""


@dataclass(frozen=True, slots=True)
class SuggesterPatience:
    """What a worker does while it waits: `go_on` is called from time to time; `must_stop` says
    whether to wait no longer."""

    go_on: Callable[[], None]
    must_stop: Callable[[], bool]


@dataclass(frozen=True)
class Suggesters:
    """The suggesters of a worker; none in most workspaces, and then nothing is done."""

    clients: Sequence[SuggesterClient] = ()
    _threads: list[ThreadPoolExecutor] = field(default_factory=list)

    @classmethod
    @contextmanager
    def launched(cls, plans: Sequence[SuggesterPlan]) -> Iterator[Suggesters]:
        """Suggesters that load their pipelines while the context lasts, and are ready at its end;
        raises ModelError if one cannot be loaded."""
        every = cls([SuggesterClient(plan) for plan in plans])
        try:
            for client in every.clients:
                client.launch()
            yield every
            for client in every.clients:
                client.wait_until_loaded()
        except BaseException:
            every.end()
            raise

    @contextmanager
    def asked(
        self, batch: Sequence[Leased], languages: Sequence[str | None], patience: SuggesterPatience
    ) -> Iterator[Replies]:
        """Asks while the context lasts; its end waits for the answers. Raises Interrupted if the
        worker must stop meanwhile."""
        asked = Replies()
        if not self.clients:
            yield asked
            return
        futures = [self._submitted(client, batch, languages) for client in self.clients]
        try:
            yield asked
        except BaseException:
            for client in self.clients:
                client.is_cancelled = True
            wait(futures)
            raise
        self._wait(futures, patience)
        asked.by = [
            (client, future.result()) for client, future in zip(self.clients, futures, strict=True)
        ]

    def news(self) -> list[str]:
        """What went wrong since the last call, for the log."""
        return [line for client in self.clients for line in client.news()]

    def end(self) -> None:
        """End all processes."""
        for client in self.clients:
            client.end()
        for threads in self._threads:
            threads.shutdown(wait=False)

    def _wait(
        self, futures: Sequence[Future[list[Reply | None]]], patience: SuggesterPatience
    ) -> None:
        told = time.monotonic()
        while wait(futures, timeout=_LOOK).not_done:
            if patience.must_stop():
                for client in self.clients:
                    client.give_up()
                raise Interrupted
            if time.monotonic() - told >= _PATIENCE:
                patience.go_on()
                told = time.monotonic()

    def _submitted(
        self, client: SuggesterClient, batch: Sequence[Leased], languages: Sequence[str | None]
    ) -> Future[list[Reply | None]]:
        if not self._threads:
            self._threads.append(ThreadPoolExecutor(len(self.clients)))
        client.is_cancelled = False
        texts = [
            leased.text if client.speaks(language) else None
            for leased, language in zip(batch, languages, strict=True)
        ]
        return self._threads[0].submit(client.answers, texts)


NOBODY = Suggesters()
"""No suggesters."""


def _opinion(
    client: SuggesterClient, answer: Reply, items: Sequence[Item], labels: Collection[str]
) -> SecondOpinion:
    """The opinion in an answer, in our labels."""
    names = client.plan.labels
    found = [
        Entity(
            f"e{n}", Span(start, end), names.get(label, label), made_by=MadeBy.PIPELINE, score=score
        )
        for n, (start, end, label, score) in enumerate(answer.rows, 1)
    ]
    kept = [one for one in found if not labels or one.label in labels]
    return SecondOpinion(
        Opinion(client.plan.name, outside_junk(kept, items), client.labels),
        client.pipeline,
        dropped=len(found) - len(kept),
        problem=answer.problem,
    )
