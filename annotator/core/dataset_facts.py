"""What people say of a dataset: its name, what it is, and who may use it how."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{1,60}")
_GROUP = "organisation:"
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """The settings that describe a dataset; empty where nobody said anything.

    `licence` is an identifier of SPDX (`CC-BY-4.0`), an address, or other words; `citation` is how
    to cite the dataset, best in BibTeX; `creators` are names of people, or with `organisation:`
    before them of organisations.
    """

    name: str = ""
    description: str = ""
    licence: str = ""
    citation: str = ""
    creators: tuple[str, ...] = ()

    @property
    def makers(self) -> tuple[tuple[str, bool], ...]:
        """The name of each creator, and whether it is an organisation."""
        return tuple(
            (name.removeprefix(_GROUP).strip(), name.startswith(_GROUP)) for name in self.creators
        )

    @property
    def spdx(self) -> str | None:
        """The licence as an identifier of SPDX; None if it has another form."""
        return self.licence if _SPDX.fullmatch(self.licence) else None

    @property
    def licence_address(self) -> str | None:
        """Where the licence can be read; None if that is not known."""
        if self.spdx is not None:
            return f"https://spdx.org/licenses/{self.spdx}"
        return self.licence if _ADDRESS.fullmatch(self.licence) else None
