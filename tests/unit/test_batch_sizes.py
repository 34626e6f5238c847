"""The first article is ready at once, the rest in batches that cost little."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.ingest.batch_sizes import REST, BatchSizes


def test_batches_grow_from_one_to_the_largest() -> None:
    sizes, seen = BatchSizes(10), []
    for now in range(6):
        seen.append(sizes.next(now))
        sizes.ended(now, seen[-1])
    assert seen == [1, 2, 4, 8, 10, 10]


def test_after_a_rest_or_without_work_the_first_batch_is_one_article_again() -> None:
    rested, idle = BatchSizes(8), BatchSizes(8)
    for sizes in (rested, idle):
        sizes.ended(0.0, 1)
        assert sizes.next(REST) == 2
    assert rested.next(REST + 0.1) == 1
    idle.ended(1.0, 0)
    assert idle.next(1.0) == 1


@given(st.integers(1, 64), st.integers(1, 5_000))
def test_few_batches_are_small(largest: int, articles: int) -> None:
    sizes, batches, left = BatchSizes(largest), 0, articles
    while left > 0:
        left -= sizes.next(0.0)
        sizes.ended(0.0, 1)
        batches += 1
    assert batches <= -(-articles // largest) + largest.bit_length()
