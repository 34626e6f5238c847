"""The time for each page is limited, whatever it makes extraction do."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
import traceback
import warnings

import pytest

from annotator.errors import ReadError
from annotator.inbox import html_pages
from annotator.inbox.pages import page_clock
from annotator.inbox.pages.page_blocks import blocks_of
from annotator.inbox.pages.page_clock import TooLongError, within
from annotator.inbox.pages.page_people import author_of
from annotator.inbox.readers import articles_of

# Where it meets a finaliser, Python discards what interrupts the work, and tells of it; that is why
# the clock interrupts again. What else a finaliser raises is not expected.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:(?s).*\n\S+\.page_clock\._BrokenOff\n:pytest.PytestUnraisableExceptionWarning"
)

BODY = "".join(
    f"<p>The mayor of Varnholm said on Monday that bridge number {n} would stay closed for {n + 2} "
    f"days, that its {n} pillars were cracked and that a ferry would cross {n * 3} times.</p>"
    for n in range(6)
)
SHORT = 0.05


def spin() -> None:
    while True:
        sum(range(100))


class Finalised:
    """Raises an error where nobody can catch it."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __del__(self) -> None:
        raise self._error


def test_a_finaliser_may_meet_the_interruption() -> None:
    Finalised(page_clock._BrokenOff())  # else pytest lets this test fail when it has ended


def test_no_other_error_of_a_finaliser_is_overlooked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def tell(met: sys.UnraisableHookArgs) -> None:
        lines = traceback.format_exception(met.exc_type, met.exc_value, met.exc_traceback)
        told.append(f"Exception ignored in: {met.object!r}\n\n{''.join(lines)}")

    monkeypatch.setattr(sys, "unraisablehook", tell)
    Finalised(OSError("the disk went after _BrokenOff"))
    assert len(told) == 1
    with pytest.raises(pytest.PytestUnraisableExceptionWarning):
        warnings.warn(pytest.PytestUnraisableExceptionWarning(told[0]), stacklevel=1)


def test_the_result_of_work_is_returned() -> None:
    assert within(60, lambda: "text") == "text"


def test_an_error_of_the_work_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)


def test_endless_work_is_interrupted() -> None:
    with pytest.raises(TooLongError):
        within(SHORT, spin)


def test_work_that_catches_every_exception_is_interrupted_too() -> None:
    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                spin()

    with pytest.raises(TooLongError):
        within(SHORT, stubborn)


def test_waiting_does_not_count() -> None:
    asleep = threading.Event()
    assert within(SHORT, lambda: asleep.wait(3 * SHORT)) is False


def test_finished_work_is_not_interrupted() -> None:
    for _ in range(50):
        with contextlib.suppress(TooLongError):
            within(0.001, lambda: sum(range(50_000)))
    spun = time.thread_time()
    while time.thread_time() < spun + 2 * SHORT:
        sum(range(100))


def test_other_threads_are_left_alone() -> None:
    begun, ended = threading.Event(), threading.Event()
    caught: list[BaseException] = []

    def beside() -> None:
        try:
            begun.set()
            while not ended.is_set():
                sum(range(100))
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=beside)
    thread.start()
    begun.wait()
    with pytest.raises(TooLongError):
        within(SHORT, spin)
    ended.set()
    thread.join()
    assert caught == []


def test_a_page_that_takes_too_long_is_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(html_pages, "MOST_SECONDS", SHORT)
    nested = "<form>x" * 4_000
    with pytest.raises(ReadError, match=r"within 0\.05 seconds") as caught:
        articles_of(f"<html><body>{BODY}{nested}".encode(), "page.html")
    assert "browser" in caught.value.hint


def test_the_next_page_is_read_after_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><body><article>{BODY}</article>".encode()
    before = articles_of(page, "page.html")
    monkeypatch.setattr(html_pages, "MOST_SECONDS", SHORT)
    with pytest.raises(ReadError):
        articles_of(f"<html><body>{BODY}{'<form>x' * 4_000}".encode(), "page.html")
    monkeypatch.undo()
    assert articles_of(page, "page.html") == before


def test_tags_in_scripts_are_not_elements() -> None:
    script = f"<script>{'x=`<li>`;' * 30_000}</script>"
    page = f"<html><body><article>{BODY}</article>{script}".encode()
    assert articles_of(page, "page.html")[0].text.startswith("The mayor")


def test_links_are_counted_by_paragraph() -> None:
    from lxml.html import document_fromstring

    page = document_fromstring(
        "<div>One <a href='/x'>two</a> one.<br>One.<br><a href='/y'>One</a> <a href='#z'>two</a>."
        "<br>Last <a href='/x'>one.<br>Split</a> two.</div>"
    )
    assert [(block.text, block.linked) for block in blocks_of(page)] == [
        ("One two one.", 3),
        ("One.", 0),
        ("One two.", 3),
        ("Last one.", 3),
        ("Split two.", 5),
    ]


def test_the_first_of_countless_authors_are_kept() -> None:
    from lxml.html import document_fromstring

    names = (f"Ada {chr(97 + n % 26) * (2 + n // 26)}" for n in range(1_000))
    page = document_fromstring("".join(f"<meta name=author content='{name}'>" for name in names))
    author = author_of(page, (), guess=None, outlet=None)
    assert author is not None
    assert author.count(";") < 100


@pytest.mark.parametrize("work", ["lambda: 1", "spin"])
def test_the_interpreter_does_not_wait_afterwards(work: str) -> None:
    # Under a profiler no loop would end if it did, so that it is tried in a process of its own.
    program = f"""
import cProfile, contextlib
from annotator.inbox.pages.page_clock import TooLongError, within
def spin():
    while True:
        sum(range(100))
for _ in range(5):
    with contextlib.suppress(TooLongError):
        within(0.02, {work})
print(cProfile.Profile().runcall(lambda: sum(n for n in range(1000))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "499500\n"
