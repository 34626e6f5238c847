"""The workspace and its settings: from command line, environment, file, defaults, in this order."""

from __future__ import annotations

import difflib
import getpass
import json
import os
import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from annotator.core.annotations import MadeBy
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.database_urls import misread_before, sqlite_address
from annotator.core.dataset_facts import DatasetFacts
from annotator.core.labels import LabelScheme, scheme_from
from annotator.core.network_address import address_in
from annotator.core.workspace_config import WorkspaceConfig
from annotator.errors import AnnotatorError, SchemeError, SettingsError
from annotator.shipped_files import bundled as bundled
from annotator.shipped_files import shipped_gold as shipped_gold
from annotator.training.own_reviews.versions import folder_in_use

FILE = "annotator.toml"
_NAME = re.compile(r"[\w.-]{1,40}")


class SuggesterSetting(BaseModel):
    """One entry of `suggesters`: a further pipeline; see `SuggesterPlan`."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    name: str
    model: str = Field(min_length=1)
    addresses: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    seconds: float = Field(default=60.0, gt=0)

    @field_validator("name")
    @classmethod
    def _usable(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(
                "a suggester needs a `name` of at most 40 letters, digits, dots, hyphens and "
                "underscores"
            )
        if name in set(MadeBy):
            raise ValueError(f"{name} has a meaning of its own, so no suggester can have that name")
        return name

    @field_validator("addresses")
    @classmethod
    def _addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            if address_in(url) is None:
                raise ValueError(f"{url!r} is not a URL such as http://127.0.0.1:8080")
        return urls


class Settings(BaseSettings):
    """The settings, from `annotator.toml`, `ANNOTATOR_<KEY>` or the command line.

    Paths are relative to the workspace; `load_settings` makes them absolute. Where `model` is not
    set, it is the folder of the version in use that the workspace has trained, if there is one.
    """

    model_config = SettingsConfigDict(
        env_prefix="ANNOTATOR_", extra="forbid", frozen=True, protected_namespaces=()
    )

    inbox: Path = Path("inbox")
    database: str = "sqlite:///annotator.db"
    exports: Path = Path("exports")
    labels: Path | None = None
    model: str | None = None
    encoder_runtime: Literal["auto", "onnxruntime", "numpy"] = "auto"
    reviewer: str = Field(default_factory=lambda: _this_person(), min_length=1, max_length=100)
    reviews_per_article: int = Field(default=1, ge=1)
    overlap: float = Field(default=0.0, ge=0, le=1)
    unassisted: float = Field(default=0.0, ge=0, le=1)
    checks: float = Field(default=0.0, ge=0, le=0.5)
    check_gold: Path | None = None
    adjudicators: tuple[str, ...] = ()
    workers: int | None = Field(default=None, ge=1)
    queue: Literal["store", "cluster"] = "store"
    confidence: float = Field(default=0.6, ge=0, le=1)
    fold_below: float = Field(default=0.0, ge=0, le=1)
    wrong_after: int = Field(default=3, ge=0)
    encodings: tuple[str, ...] = ()
    max_size: int = Field(default=20_000_000, ge=1)
    settle_seconds: float = Field(default=2.0, ge=0)
    rescan_seconds: float = Field(default=60.0, gt=0)
    lease_seconds: float = Field(default=900.0, gt=0)
    theme: (
        Literal[
            "dark", "light", "contrast", "contrast-light", "terminal", "terminal-light", "plain"
        ]
        | None
    ) = None
    keyboard: Literal["qwerty", "qwertz", "azerty", "azerty-be", "spanish"] = "qwerty"
    keys: dict[str, str] = Field(default_factory=dict)
    colours: dict[str, str] = Field(default_factory=dict)
    label_maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    dataset_name: str = Field(default="", max_length=200)
    dataset_description: str = ""
    licence: str = Field(default="", max_length=500)
    citation: str = ""
    creators: tuple[str, ...] = ()
    on_finish: tuple[str, ...] = ()
    on_finish_seconds: float = Field(default=60.0, gt=0)
    suggesters: tuple[SuggesterSetting, ...] = ()

    @property
    def viewer(self) -> Viewer:
        """The reviewer, and how the team shares its articles."""
        return Viewer(
            self.reviewer,
            ReviewPlan(self.reviews_per_article, self.overlap, self.unassisted, self.checks),
        )

    @field_validator("suggesters", mode="before")
    @classmethod
    def _named_by_their_models(cls, entries: Any) -> Any:
        """A suggester that is only a model has the last part of that as its name."""
        if not isinstance(entries, list | tuple):
            return entries
        return [
            {"name": Path(entry).name, "model": entry} if isinstance(entry, str) else entry
            for entry in entries
        ]

    @field_validator("suggesters")
    @classmethod
    def _each_name_once(cls, every: tuple[SuggesterSetting, ...]) -> tuple[SuggesterSetting, ...]:
        twice = [name for name, times in Counter(one.name for one in every).items() if times > 1]
        if twice:
            raise ValueError(f"two suggesters have the name {twice[0]}")
        return every

    @field_validator("encodings")
    @classmethod
    def _known_encodings(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            try:
                "".encode(name)
            except LookupError as error:
                raise ValueError(f"{name!r} is not a known encoding") from error
        return names

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Not read by pydantic-settings, so that errors can suggest the nearest key.
        return (init_settings, env_settings)


def load_settings(workspace: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a workspace.

    `overrides` (from the command line) win; None means not given. Raises SettingsError without a
    workspace, or for an invalid key or value.
    """
    file = workspace / FILE
    if not file.is_file():
        raise SettingsError(
            f"{workspace} is not a workspace: it has no {FILE}.",
            hint=f"Create one: annotator init {shlex.quote(str(workspace))}",
        )
    table = _read(file)
    _check_keys(table, file)
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    environment = {key for key in Settings.model_fields if f"ANNOTATOR_{key.upper()}" in os.environ}
    _check_variables(environment)
    from_file = {key: value for key, value in table.items() if key not in environment}
    try:
        settings = Settings(**{**from_file, **given})
    except ValidationError as error:
        raise SettingsError(_why(error), hint=_where(error, given)) from error
    return _absolute(settings, workspace.resolve())


def dataset_facts(settings: Settings) -> DatasetFacts:
    """What the settings say of the datasets of a workspace."""
    return DatasetFacts(
        settings.dataset_name,
        settings.dataset_description,
        settings.licence.strip(),
        settings.citation,
        settings.creators,
    )


def load_scheme(settings: Settings) -> LabelScheme:
    """The configured label scheme, or the shipped one; raises SchemeError if it is invalid."""
    file = settings.labels or bundled("labels.toml")
    if not file.is_file():
        raise SchemeError(
            f"The label scheme {file} does not exist.",
            hint="Correct `labels` in annotator.toml, or remove it to use the shipped scheme.",
        )
    try:
        scheme = scheme_from(tomllib.loads(file.read_text(encoding="utf-8")))
        return scheme.coloured(settings.colours)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SchemeError(
            f"{file.name} cannot be read: {error}", hint="Correct the file."
        ) from error
    except OSError as error:
        raise SchemeError(
            f"{file} cannot be opened: {error.strerror}.", hint="Let this user read the file."
        ) from error


def workspace_config(settings: Settings, workspace: Path) -> WorkspaceConfig:
    """The configuration of a workspace for the screens; SchemeError if its scheme is invalid.

    Every field of `WorkspaceConfig` that is a setting has the setting's name, and its value, a path
    as text.
    """
    names = {field.name for field in fields(WorkspaceConfig)} & set(Settings.model_fields)
    values = {name: getattr(settings, name) for name in names}
    own: dict[str, Any] = {
        name: str(value) if isinstance(value, Path) else value for name, value in values.items()
    }
    folder = workspace.resolve()
    return WorkspaceConfig(
        name=folder.name,
        folder=folder,
        scheme=load_scheme(settings),
        guidelines=bundled("guidelines.md").read_text(encoding="utf-8"),
        **own,
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{file.name} cannot be read: {error}", hint="Correct it.") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be opened: {error.strerror}.") from error


def _check_keys(table: Mapping[str, Any], file: Path) -> None:
    known = list(Settings.model_fields)
    for key in table:
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise SettingsError(
                f"{file.name} has an unknown key {key!r}.", hint=f"Did you mean {nearest[0]!r}?"
            )


def _check_variables(keys: Iterable[str]) -> None:
    """Raise SettingsError for a list or table in the environment that is not JSON."""
    for key in sorted(keys):
        field = Settings.model_fields[key]
        variable = f"ANNOTATOR_{key.upper()}"
        if isinstance(field.get_default(call_default_factory=True), tuple | dict):
            try:
                json.loads(os.environ[variable])
            except ValueError as error:
                what = "a list" if isinstance(field.default, tuple) else "a table"
                raise SettingsError(
                    f"The setting {key} is invalid: {what} in the environment must be JSON "
                    f"(found {os.environ[variable]!r:.60}).",
                    hint=f"Correct {variable} in the environment.",
                ) from error


# Where pydantic speaks of Python's types.
_SAID = {
    "tuple_type": "it must be a list",
    "dict_type": "it must be a table",
    "model_type": "it must be a path, a package or a table",
    "string_type": "it must be text",
    "missing": "it is missing",
    "extra_forbidden": "there is no such setting",
}


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "settings"
    # The URL of a database may contain a password.
    found = "" if where == "database" else f" (found {first.get('input')!r:.60})"
    said = _SAID.get(first["type"], first["msg"].removeprefix("Value error, "))
    return f"The setting {where} is invalid: {said}{found}."


def _where(error: ValidationError, given: Mapping[str, Any]) -> str:
    key = str(error.errors()[0]["loc"][0])
    if key in given:
        return f"Correct --{key} on the command line."
    variable = f"ANNOTATOR_{key.upper()}"
    return (
        f"Correct {variable} in the environment."
        if variable in os.environ
        else (f"Correct it in {FILE}.")
    )


def _absolute(settings: Settings, workspace: Path) -> Settings:
    model = _model_within(settings.model, workspace)
    if model is None:
        own = folder_in_use(workspace)
        model = None if own is None else str(own)
    suggesters = [
        one.model_copy(update={"model": _model_within(one.model, workspace)})
        for one in settings.suggesters
    ]
    return settings.model_copy(
        update={
            "inbox": workspace / settings.inbox,
            "exports": workspace / settings.exports,
            "labels": workspace / settings.labels if settings.labels else None,
            "check_gold": workspace / settings.check_gold if settings.check_gold else None,
            "model": model,
            "suggesters": tuple(suggesters),
            "database": _absolute_url(settings.database, workspace),
        }
    )


def _model_within(model: str | None, workspace: Path) -> str | None:
    """A package name unchanged, a path relative to the workspace made absolute."""
    return str(workspace / model) if model and (workspace / model).is_dir() else model


def _absolute_url(url: str, workspace: Path) -> str:
    address = sqlite_address(url)
    return url if address is None else str(address.within(workspace))


def misread_database(settings: Settings, workspace: Path) -> AnnotatorError | None:
    """An error for a workspace without a database if an earlier version, which misread some
    characters of folder names, created it at another path; otherwise None."""
    address = sqlite_address(settings.database)
    if address is None or not address.is_file or os.path.lexists(address.path):
        return None
    right = Path(address.path)
    before = misread_before(right, workspace.resolve())
    if before is None or not _is_sqlite(Path(before)):
        return None
    return SettingsError(
        f"The database {right} does not exist, but an earlier version, which misread the "
        f"name of this folder, used {before}.",
        hint=f"Copy it if it is yours: cp {shlex.quote(str(before))} {shlex.quote(str(right))} "
        f"(stop every program that uses it first). Or start with an empty one: annotator init "
        f"{shlex.quote(str(workspace))}",
    )


def _is_sqlite(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _this_person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"
