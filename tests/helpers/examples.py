"""The number of examples for properties that need more or fewer than others, in every profile."""

from __future__ import annotations

from hypothesis import settings

USUAL = 25


def examples(count: int) -> settings:
    """For a property that is shown `count` examples where others are shown USUAL.

    In other profiles a costly property (fewer than USUAL) keeps its share; a cheap one is shown at
    least as many as others.
    """
    assert settings.default is not None
    most = settings.default.max_examples
    shown = count * most // USUAL if count < USUAL else max(count, most)
    return settings(max_examples=max(1, shown))
