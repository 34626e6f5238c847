"""Which examples properties are shown, and how many, in every profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

USUAL = 25
_POOL = 2 * USUAL
_P = ParamSpec("_P")
_T = TypeVar("_T")


def examples(count: int) -> settings:
    """For a property that is shown `count` examples where others are shown USUAL.

    In other profiles a costly property (fewer than USUAL) keeps its share; a cheap one is shown at
    least as many as others.
    """
    assert settings.default is not None
    most = settings.default.max_examples
    shown = count * most // USUAL if count < USUAL else max(count, most)
    return settings(max_examples=max(1, shown))


def same_examples_each_time() -> None:
    """From now on the examples of a profile without chance depend on nothing but the property.

    Hypothesis mixes in numbers and strings from the source of those of our modules that are loaded.
    A property would be shown other examples alone than among others, and others again after a
    change anywhere. Profiles that look for other examples keep them.
    """
    found, none = providers._get_local_constants, Constants()

    def constants() -> Constants:
        return none if _comes_each_time() else found()

    providers._get_local_constants = constants


def _comes_each_time() -> bool:
    assert settings.default is not None
    return settings.default.derandomize


def pooled(
    make: Callable[_P, st.SearchStrategy[_T]],
) -> Callable[_P, st.SearchStrategy[_T]]:
    """For a strategy of frozen values that are costly to draw, such as whole records.

    To draw a record takes longer than what most properties do with it. Where the same examples come
    each time anyway, they are drawn once in a process, and each property is shown some of them;
    the smallest come first, so that the smallest that fails is reported. In profiles that look for
    other examples each property draws its own.
    """

    pools: dict[str, list[_T]] = {}

    @wraps(make)
    def from_pool(*args: _P.args, **how: _P.kwargs) -> st.SearchStrategy[_T]:
        drawn = make(*args, **how)

        def chosen() -> st.SearchStrategy[_T]:
            if not _comes_each_time():
                return drawn
            name = repr((args, how))
            if name not in pools:
                pools[name] = sorted(_draw(drawn), key=lambda one: len(repr(one)))
            return st.sampled_from(pools[name])

        return st.deferred(chosen)

    return from_pool


def _draw(strategy: st.SearchStrategy[_T]) -> list[_T]:
    found: list[_T] = []

    @settings(
        max_examples=_POOL,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(one: _T) -> None:
        found.append(one)

    collect()
    return found
