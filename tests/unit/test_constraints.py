"""constraints.txt pins all dependencies of the project, within their bounds."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# .ci/run installs neither what training needs, nor what computes gamma or checks Croissant.
_LARGE = ("croissant", "gamma", "train")
EXTRAS = {name: of for name, of in PROJECT["optional-dependencies"].items() if name not in _LARGE}
ASKED = sorted({*PROJECT["dependencies"], *(one for of in EXTRAS.values() for one in of)})
LINES = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINNED = {canonicalize_name(line.name): str(line.specifier) for line in LINES}


@pytest.mark.parametrize("asked", ASKED)
def test_a_requirement_is_pinned_within_its_bounds(asked: str) -> None:
    wanted = Requirement(asked)
    pin = PINNED[canonicalize_name(wanted.name)]
    assert pin.startswith("==")
    assert wanted.specifier.contains(pin.removeprefix("=="), prereleases=True)


def test_nothing_is_pinned_twice() -> None:
    assert len(PINNED) == len(LINES)
