"""Files in a file: slow ones do not stop the inbox for long, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article
from annotator.errors import ReadError, TooSlowError
from annotator.inbox import members
from annotator.inbox.members import MOST_SLOW, Container, Member, articles_of_members

FILES = Container("files in the archive", "Unpack it.")
tried: list[str] = []


def slow(part: str) -> Member:
    def read() -> Iterator[Article]:
        tried.append(part)
        raise TooSlowError("It was not read in time.")
        yield

    return Member(part, part, read)


def quick(part: str) -> Member:
    return Member(part, part, lambda: [Article(f"The mayor said {part}.")])


def error_of(members: Iterable[Member]) -> ReadError:
    tried.clear()
    with pytest.raises(ReadError) as caught:
        list(articles_of_members(members, FILES))
    return caught.value


def test_after_some_slow_members_the_rest_is_not_tried() -> None:
    members = [slow(f"{n}.pdf") for n in range(1_000)]
    error = error_of([quick("no"), *members])
    assert len(tried) == MOST_SLOW
    assert f"given up: {MOST_SLOW} files in the archive took too long" in error.message
    assert "not read in time" in error.message


@pytest.mark.parametrize("count", [1, MOST_SLOW - 1])
def test_few_slow_members_do_not_affect_the_others(count: int) -> None:
    members = [*(slow(f"{n}.pdf") for n in range(count)), quick("yes")]
    read: list[Article | None] = []
    with pytest.raises(TooSlowError, match=f"{count} of {count + 1} files"):
        read.extend(articles_of_members(members, FILES))
    assert [one.text for one in read if one is not None] == ["The mayor said yes."]


def test_slow_files_in_files_in_a_file_count() -> None:
    def mail(part: str) -> Member:
        return Member(part, None, lambda: articles_of_members([slow(part)], FILES))

    error_of(mail(str(n)) for n in range(100))
    assert len(tried) == MOST_SLOW


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_slow_files_are_counted_through_all_files_in_files(depth: int) -> None:
    def tree(part: str, depth: int) -> Member:
        inner = (tree(f"{part}{n}", depth - 1) for n in range(MOST_SLOW - 1)) if depth else None
        return (
            Member(part, None, lambda: articles_of_members(inner, FILES)) if inner else slow(part)
        )

    error_of(tree(str(n), depth) for n in range(MOST_SLOW - 1))
    assert MOST_SLOW <= len(tried) < 2 * MOST_SLOW


class CountedPart(str):
    """A part that counts how often it is looked for."""

    asked = 0

    def __hash__(self) -> int:
        CountedPart.asked += 1
        return super().__hash__()

    __eq__ = str.__eq__


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b", "a (2) (2)"]), max_size=12))
def test_parts_of_one_name_are_told_apart(names: list[str]) -> None:
    read = articles_of_members((quick(name) for name in names), FILES)
    parts = [str(one.origin.part) for one in read if one is not None]
    assert len({*parts}) == len(names)
    assert all(part.startswith(name) for part, name in zip(parts, names, strict=True))


def test_very_many_members_of_one_name_take_linear_time() -> None:
    CountedPart.asked = 0
    used = members.UsedParts()
    found = [used.unique(CountedPart("a")) for _ in range(1_000)]
    assert (found[0], found[-1], len(used)) == ("a", "a (1000)", 1_000)
    assert CountedPart.asked < 10_000
