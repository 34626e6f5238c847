"""Suggesters as they run: each in a process of its own, which may fail without harm to others."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from annotator.core.annotations import Entity
from annotator.core.opinions import PIPELINE
from annotator.errors import ModelError
from annotator.ingest.adding import add
from annotator.ingest.plan import SuggesterPlan, WorkerPlan, plan_from_json
from annotator.ingest.second_opinion import (
    Interrupted,
    Reply,
    SuggesterClient,
    SuggesterPatience,
    Suggesters,
)
from annotator.store.store import Store
from annotator.store.values import Leased
from tests.helpers.building import open_
from tests.helpers.ingesting import save_quick_pipeline
from tests.helpers.second_pipelines import save_list, save_odd

pytestmark = pytest.mark.usefixtures("forked")

ARTICLE = (
    "Bridge closed\n\nThe mayor of Varnholm, Ilva Marrow , said on Tuesday that the bridge would "
    "stay closed.\n\nAdvertisement\n\nNobody wants that.\n"
)


class Clock:
    """Time that only moves when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, for this process and those that it starts."""
    folder = tmp_path / "packages"
    folder.mkdir()
    known = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{known}" if known else str(folder))
    return folder


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server on this machine, which answers each caller with a label."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.sendall(b"GPE")

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


@pytest.fixture
def clients() -> Iterator[list[SuggesterClient]]:
    """The clients that a test makes; their processes end with it."""
    made: list[SuggesterClient] = []
    yield made
    for client in made:
        client.end()


def ready(
    clients: list[SuggesterClient], plan: SuggesterPlan, clock: Clock | None = None
) -> SuggesterClient:
    client = SuggesterClient(plan, clock or Clock())
    clients.append(client)
    client.launch()
    client.wait_until_loaded()
    return client


def test_articles_get_the_opinions_of_all_suggesters(tmp_path: Path, store: Store) -> None:
    save_quick_pipeline(tmp_path / "ours")
    desk = save_list(tmp_path / "desk", {"Varnholm": "GPE", "Ilva Marrow": "PER"})
    names = {"Varnholm": "ORG", "closed": "MOOD", "Advertisement": "ORG"}
    stock = save_list(tmp_path / "stock", names)
    plan = WorkerPlan(
        str(store.database.url),
        model=str(tmp_path / "ours"),
        labels=("GPE", "ORG", "PERSON"),
        suggesters=(
            SuggesterPlan("stock", str(stock)),
            SuggesterPlan("desk", str(desk), labels={"PER": "PERSON"}),
        ),
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.txt").write_text(ARTICLE)
    assert add([tmp_path / "in"], store=store, plan=plan).added == 1
    ((article, ours, _),) = store.articles.unreviewed()
    assert {item.label for item in ours if isinstance(item, Entity)} == {"GPE"}
    opened = open_(store, article.id)
    assert {
        (one.span.of(ARTICLE), one.label): (one.suggested_by, one.not_suggested_by)
        for one in opened.review.entities
    } == {
        ("Varnholm", "GPE"): ((PIPELINE, "desk"), ("stock",)),
        ("Varnholm", "ORG"): (("stock",), (PIPELINE, "desk")),
        ("Ilva Marrow", "PERSON"): (("desk",), (PIPELINE,)),
    }
    assert [(one.suggester, one.name, one.version) for one in opened.suggesters] == [
        ("desk", "desk", "1.2"),
        ("stock", "stock", "1.2"),
    ]
    _, desk_work, stock_work = store.statistics.suggesters()
    assert (desk_work.dropped, stock_work.dropped) == (0, 2)


def test_failures_cost_only_the_texts_that_they_are_about(
    tmp_path: Path, packages: Path, clients: list[SuggesterClient]
) -> None:
    clock = Clock()
    plan = SuggesterPlan("odd", str(save_odd(tmp_path / "odd", packages)), seconds=60.0)
    client = ready(clients, plan, clock)
    fine, raised, unnamed, crashed, left_out = client.answers(
        ["fine", "raise", "call 127.0.0.1:9", "crash", "fine"]
    )
    assert fine == Reply(((0, 4, "ORG", None),))
    assert raised == Reply(problem="ValueError: no such word")
    assert unnamed == Reply(problem="PermissionError: 127.0.0.1:9 may not be reached")
    assert crashed == Reply(problem="ended unexpectedly (status 7)")
    assert left_out == Reply(problem="left out after 3 failures: ended unexpectedly (status 7)")
    (news,) = client.news()
    assert news.startswith("The suggester odd is left out for 5 minutes")
    clock.now += 301
    assert client.answers(["fine", None]) == [fine, None]
    client.plan = SuggesterPlan("odd", plan.model, seconds=0.2)
    assert client.answers(["hang"]) == [Reply(problem="took longer than 0.2 seconds")]
    assert client.news() == []


def test_one_that_closes_its_output_is_not_waited_for(
    tmp_path: Path, packages: Path, clients: list[SuggesterClient]
) -> None:
    client = ready(clients, SuggesterPlan("odd", str(save_odd(tmp_path / "odd", packages))))
    assert client.answers(["close"]) == [Reply(problem="closed its output")]


def test_a_worker_that_must_stop_does_not_wait_for_a_suggester(
    tmp_path: Path, packages: Path, clients: list[SuggesterClient]
) -> None:
    client = ready(clients, SuggesterPlan("odd", str(save_odd(tmp_path / "odd", packages))))
    asked = Suggesters([client]).asked(
        [Leased("a", "hang", 1), Leased("b", "fine", 1)],
        ["en", "en"],
        SuggesterPatience(lambda: None, lambda: True),
    )
    with pytest.raises(Interrupted), asked:
        pass


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_children_of_a_suggester_end_with_it(
    tmp_path: Path, packages: Path, clients: list[SuggesterClient]
) -> None:
    plan = SuggesterPlan("odd", str(save_odd(tmp_path / "odd", packages)), seconds=2.0)
    file = tmp_path / "pid"
    assert ready(clients, plan).answers([f"fork {file}"]) == [
        Reply(problem="took longer than 2 seconds")
    ]
    with suppress(ProcessLookupError):
        child = os.pidfd_open(int(file.read_text()))
        assert select.select([child], [], [], 10.0)[0] == [child]
        os.close(child)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
def test_an_escaped_child_that_holds_the_pipes_is_not_waited_for(
    tmp_path: Path, packages: Path, clients: list[SuggesterClient]
) -> None:
    client = ready(clients, SuggesterPlan("odd", str(save_odd(tmp_path / "odd", packages))))
    file = tmp_path / "pid"
    answers = client.answers([f"daemon {file}"])
    os.kill(int(file.read_text()), signal.SIGKILL)
    assert answers == [Reply(problem="ended unexpectedly (status 7)")]


def test_a_pipeline_that_names_a_server_is_not_even_loaded(
    tmp_path: Path, packages: Path, server: int, clients: list[SuggesterClient]
) -> None:
    url, mark = f"http://127.0.0.1:{server}", tmp_path / "loaded"
    folder = save_odd(tmp_path / "odd", packages, endpoint=f"{url}/v1", mark=mark)
    with pytest.raises(ModelError) as caught:
        ready(clients, SuggesterPlan("odd", str(folder)))
    assert f"would send articles to 127.0.0.1:{server}" in caught.value.message
    assert f'addresses = ["{url}"]' in caught.value.hint
    assert not mark.exists()
    named = ready(clients, SuggesterPlan("odd", str(folder), addresses=(url,)))
    assert mark.exists()
    called, other, by_name = named.answers(
        [f"call 127.0.0.1:{server}", "call 127.0.0.1:9", "call example.org:80"]
    )
    assert called == Reply(((0, 4, "GPE", None),))
    assert other == Reply(problem="PermissionError: 127.0.0.1:9 may not be reached")
    assert by_name == Reply(problem="PermissionError: example.org may not be looked up")


def test_a_suggester_that_cannot_be_loaded_is_named(clients: list[SuggesterClient]) -> None:
    with pytest.raises(ModelError, match="The suggester desk cannot be loaded: nowhere is neither"):
        ready(clients, SuggesterPlan("desk", "nowhere"))


def test_plans_reach_a_worker_unchanged() -> None:
    suggester = SuggesterPlan("desk", "m", ("http://localhost:1",), {"PER": "PERSON"}, 5.0)
    plan = WorkerPlan("sqlite://", suggesters=(suggester,))
    assert plan_from_json(plan.to_json("w")) == ("w", plan)
