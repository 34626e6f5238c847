"""Database URLs: paths are taken literally, and nothing secret is shown."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.database_urls import misread_before, showable, sqlite_address, sqlite_url
from annotator.errors import AnnotatorError, SettingsError, StoreError
from annotator.settings import load_settings
from annotator.store.sql.database import Database
from annotator.store.sql.places import parse

NAMES = st.text(
    st.one_of(
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]),
        st.sampled_from("?%#& '\"\\:@;=+~*[]{}\n\t\r"),
    ),
    min_size=1,
    max_size=40,
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 200)
LIKELY = [
    "q?1",
    "q?2",
    "a%20b",
    "a b",
    "a+b",
    "50%",
    "%",
    "%%41",
    "c#",
    "a&b=c",
    ":memory:",
    "file:x",
    "mode=memory",
    "it's",
    '"quoted"',
    "back\\slash",
    "line\nend",
    "x?mode=memory",
    "q?timeout=1",
    "größe",
    "報道",
    "~",
    "sqlite:",
    "@home",
]


@given(st.lists(NAMES, min_size=2, max_size=2, unique=True))
def test_two_folders_never_share_a_database(names: list[str]) -> None:
    here = PurePosixPath("/srv")
    one, other = (database_in(here / name) for name in names)
    assert one == here / names[0] / "annotator.db"
    assert other == here / names[1] / "annotator.db"


def database_in(folder: PurePosixPath) -> PurePosixPath:
    address = sqlite_address("sqlite:///annotator.db")
    assert address is not None
    return PurePosixPath(str(parse(str(address.within(folder))).database))


@given(NAMES)
def test_a_url_is_read_as_written(name: str) -> None:
    address = sqlite_address(sqlite_url(f"/srv/{name}/annotator.db"))
    assert address is not None
    assert (address.path, address.options) == (f"/srv/{name}/annotator.db", "")


@pytest.mark.parametrize("name", LIKELY)
def test_a_workspace_with_any_name_contains_its_database(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "annotator.toml").write_text("")
    database = Database(load_settings(folder).database)
    with database.reading():
        pass
    database.close()
    assert database.file == folder / "annotator.db"
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_name_that_is_not_unicode_works(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes only Unicode")
    (folder / "annotator.toml").write_text("")
    assert Database(load_settings(folder).database).file == folder / "annotator.db"


@pytest.mark.parametrize(
    ("written", "path", "options"),
    [
        ("sqlite:///annotator.db", "/w?s/annotator.db", ""),
        ("sqlite:///data/a.db?timeout=5", "/w?s/data/a.db", "timeout=5"),
        ("sqlite:////srv/a.db", "/srv/a.db", ""),
        ("sqlite:///two%20words.db", "/w?s/two words.db", ""),
        ("sqlite+pysqlite:///a.db?timeout=5", "/w?s/a.db", "timeout=5"),
        ("sqlite:///what%3F.db", "/w?s/what?.db", ""),
    ],
)
def test_valid_urls_keep_their_meaning(written: str, path: str, options: str) -> None:
    address = sqlite_address(written)
    assert address is not None
    within = sqlite_address(str(address.within(PurePosixPath("/w?s"))))
    assert within is not None
    assert (within.path, within.options) == (path, options)


def test_an_option_reaches_the_driver(tmp_path: Path) -> None:
    database = Database(f"{sqlite_url(tmp_path / 'a?.db')}?timeout=5")
    assert database.url.query == {"timeout": "5"}
    with database.reading():
        assert (tmp_path / "a?.db").exists()
    database.close()


@pytest.mark.parametrize("end", ["?1", "?timout=5", "?timeout=soon", "?check_same_thread=x=y&z"])
def test_options_that_do_not_exist_are_refused(tmp_path: Path, end: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path}/a.db{end}")
    assert "Remove the part" in caught.value.hint
    assert not list(tmp_path.iterdir())


# What was there before names were read as they are


@pytest.mark.parametrize(
    ("folder", "before"),
    [
        ("/srv/q?1", "/srv/q"),
        ("/srv/a%20b", "/srv/a b/annotator.db"),
        ("/srv/50%25", "/srv/50%/annotator.db"),
        ("/srv/x?y/z", "/srv/x"),
        ("/srv/plain", None),
        ("/srv/50%", None),
    ],
)
def test_paths_of_earlier_versions(folder: str, before: str | None) -> None:
    right = PurePosixPath(folder) / "annotator.db"
    found = misread_before(right, PurePosixPath(folder))
    assert found == (None if before is None else PurePosixPath(before))


@pytest.mark.parametrize(("name", "before"), [("q?1", "q"), ("a%20b", "a b/annotator.db")])
def test_a_database_at_an_old_path_is_reported(tmp_path: Path, name: str, before: str) -> None:
    from annotator.cli.context import Workspace

    folder, old = tmp_path / name, tmp_path / before
    folder.mkdir()
    old.parent.mkdir(exist_ok=True)
    (folder / "annotator.toml").write_text("")
    with Database(sqlite_url(old)).reading():
        pass
    chosen = load_settings(folder)
    with pytest.raises(SettingsError) as caught:
        Workspace(folder).open_store(chosen)
    assert str(old) in caught.value.message
    assert "cp " in caught.value.hint
    assert not (folder / "annotator.db").exists()
    Database(chosen.database).close()
    with Database(chosen.database).reading():
        pass
    Workspace(folder).open_store(chosen).close()  # there is one now


# Passwords

PASSWORDS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("@:/?#%& =[]'\"\\")),
    min_size=1,
    max_size=16,
).map(lambda word: f"Zq{word}Xv")
# What may be in a message whatever the password is.
WORDS = "postgresql+psycopg annotator.db sqlite supported address database password"
SHAPES = [
    "postgresql://desk:{}@db.local:5432/news",
    "postgresql://desk:{}@db.local:54x/news",
    "postgresql+psycopg://desk:{}@db.local/news?sslmode=require",
    "postgresql+nonesuch://desk:{}@db.local/news",
    "postgresql+asyncpg://desk:{}@db.local/news",
    "postgres://desk:{}@db.local/news",
    "mysql://desk:{}@db.local/news",
    "postgresql://db.local/news?user=desk&password={}",
    "postgresql://db.local/news?password={}&sslmode=require",
    "postgresql//desk:{}@db.local/news",
    "sqlite+pysqlcipher://:{}@/news.db",
    "sqlite:///news.db?password={}",
    "host=db.local user=desk password={}",
    "{}",
]


def given_away(word: str, said: str, *, shape: str) -> list[str]:
    """Six letters in a row, or all, of a secret word in what is said (and not by chance)."""
    known = f"{shape} {WORDS}"
    pieces = {word[n : n + 6] for n in range(max(1, len(word) - 5))}
    return [piece for piece in pieces if piece in said and piece not in known]


@pytest.mark.parametrize("shape", SHAPES)
@given(password=PASSWORDS)
def test_no_password_is_shown(shape: str, password: str) -> None:
    url = shape.format(password)
    shown = showable(url)
    assert not given_away(password, shown, shape=shape)


def error_of(url: str) -> str:
    """What is said of an address, if anything is; with what a traceback would show of causes."""
    try:
        Database(url)
    except AnnotatorError as error:
        return f"{error.message} {error.hint} {error.__cause__ or ''}"
    return ""


@pytest.mark.parametrize("shape", SHAPES)
@given(password=PASSWORDS)
def test_no_password_is_in_an_error(shape: str, password: str) -> None:
    said = error_of(shape.format(password))
    assert not given_away(password, said, shape=shape)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "postgresql://desk:pw@db.local:5432/news?sslmode=x",
            "postgresql://desk@db.local:5432/news",
        ),
        ("postgresql://db.local/news", "postgresql://db.local/news"),
        ("postgresql://desk@db.local/news", "postgresql://desk@db.local/news"),
        ("postgresql://desk:p@ss@db.local/news", "postgresql://…"),
        ("sqlite:///news.db?timeout=5", "sqlite:///news.db"),
        ("postgresql://desk:secret", "postgresql://…"),
        ("nonsense", "…"),
    ],
)
def test_the_visible_parts_of_a_url(url: str, shown: str) -> None:
    assert showable(url) == shown


def test_an_invalid_setting_does_not_show_a_password(tmp_path: Path) -> None:
    (tmp_path / "annotator.toml").write_text('database = ["postgresql://a:hidden@h/x"]\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"
