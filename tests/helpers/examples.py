"""Which examples properties are shown, and how many, in every profile."""

from __future__ import annotations

import atexit
import copyreg
import hashlib
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

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
    each time anyway, they are drawn once for all workers of a run, and each property is shown some
    of them; the smallest come first, so that the smallest that fails is reported. In profiles that
    look for other examples each property draws its own.
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
                pools[name] = _once(f"{make.__module__}.{make.__qualname__}{name}", drawn)
            return st.sampled_from(pools[name])

        return st.deferred(chosen)

    return from_pool


_POOLS = "PYTEST_EXAMPLE_POOLS"


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


copyreg.pickle(MappingProxyType, lambda one: (_read_only, (dict(one),)))


def share_pools() -> None:
    """This process and all that inherit its environment share what they draw."""
    folder = os.environ[_POOLS] = tempfile.mkdtemp(prefix="annotator-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _once(name: str, strategy: st.SearchStrategy[_T]) -> list[_T]:
    """The examples of a pool, from the smallest on; drawn here or by another worker."""
    folder = os.environ.get(_POOLS)
    file = Path(folder or os.devnull) / hashlib.sha256(name.encode()).hexdigest()
    if folder and file.exists():
        kept: list[_T] = pickle.loads(file.read_bytes())
        return kept
    pool = sorted(_draw(strategy), key=lambda one: len(repr(one)))
    if folder:
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(pool))
        part.replace(file)
    return pool


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
