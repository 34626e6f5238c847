"""The modules that each part loads in a fresh interpreter."""

import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

CORE = Path(__file__).parents[2] / "annotator" / "core"
HEAVY = (
    "typer",
    "spacy",
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "watchdog",
    "textual",
    "pydantic",
    "trafilatura",
    "lxml",
    "numpy",
)


def _said_by(statements: str) -> list[str]:
    """The words that a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", statements], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.split()


def _loaded_by(statement: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after `statement`."""
    report = f"import sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    return set(_said_by(f"{statement}\n{report}"))


def test_the_screens_load_only_textual_and_do_not_read_the_lexicon() -> None:
    screens = (
        "annotator.tui.app, annotator.tui.queue.queue_screen,"
        " annotator.tui.review.review_screen, annotator.tui.screens.help_screen,"
        " annotator.tui.agreement.agreement_screen, annotator.tui.agreement.confusion_screen"
    )
    code = (
        f"import sys, {screens}\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))\n"
        "from annotator.lexicon import cues, junk_signs\n"
        "print(cues.lexicon.cache_info().currsize, junk_signs.table.cache_info().currsize,"
        " 'annotator.lexicon.line_shapes' in sys.modules)"
    )
    assert _said_by(code) == ["textual", "0", "0", "False"]


def test_the_first_frame_loads_neither_items_nor_the_store() -> None:
    code = (
        "import sys, annotator.tui.app\n"
        "print(*(n for n in sys.modules if n.startswith('annotator.') and '.tui' not in n))"
    )
    words = {"annotator.core.ages", "annotator.core.text", "annotator.core.text.counted"}
    values = {"annotator.core.states", "annotator.core.reading_progress"}
    assert set(_said_by(code)) == {"annotator.core", "annotator.errors", *words, *values}


def test_a_prepared_palette_loads_nothing_when_it_opens() -> None:
    code = (
        "import sys, annotator.tui.app, annotator.tui.review.review_screen\n"
        "from annotator.tui.palette.offering import load_sources\n"
        "print('annotator.tui.palette.registry' in sys.modules)\n"
        "load_sources()\n"
        "from annotator.tui.palette.registry import offers_over\n"
        "from annotator.core.annotations import Claim\n"
        "from annotator.core.article import Span\n"
        "from annotator.core.review import ReviewItem, Status\n"
        "from annotator.core.reviewing.item_filter import filter_counts\n"
        "from annotator.core.states import ItemFilter\n"
        "before = set(sys.modules)\n"
        "held = ReviewItem(Claim('c', (Span(0, 8),)), None, Status.OPEN)\n"
        "counts = filter_counts([held], ItemFilter, confidence=0.5, text='47 ships')\n"
        "print(counts[ItemFilter.NUMBERS], *set(sys.modules) - before)"
    )
    assert _said_by(code) == ["False", "1"]


def test_the_command_line_loads_nothing_heavy() -> None:
    assert _loaded_by("import annotator.cli") == set()


def test_the_core_loads_nothing_heavy() -> None:
    files = (file.relative_to(CORE.parents[1]) for file in CORE.rglob("[!_]*.py"))
    names = [".".join(file.with_suffix("").parts) for file in files]
    assert len(names) > 40
    assert _loaded_by("; ".join(f"import {name}" for name in names)) == set()


def test_the_watcher_loads_neither_spacy_nor_textual() -> None:
    assert not _loaded_by("import annotator.ingest.watching") & {
        "spacy",
        "textual",
        "trafilatura",
        "lxml",
    }


def test_the_store_loads_only_sqlalchemy() -> None:
    assert _loaded_by("import annotator.store.store") == {"sqlalchemy"}


def test_the_screens_start_without_pydantic_and_sqlmodel() -> None:
    code = (
        "import tempfile, pathlib, annotator.cli.review_screens as r, annotator.cli.context as s\n"
        "here = pathlib.Path(tempfile.mkdtemp())\n"
        "(here / 'annotator.toml').write_text('')\n"
        "r._setup(s.Workspace(here), None, None).store.close()"
    )
    assert _loaded_by(code) == {"sqlalchemy"}


def test_a_pipeline_is_loaded_without_the_command_line_of_spacy() -> None:
    code = (
        "import sys\n"
        "from annotator.suggest.pipeline import load\n"
        "load()\n"
        "print(*(name for name in ('spacy.cli', 'weasel', 'httpx') if name in sys.modules))\n"
        "import spacy, spacy.cli\n"
        "print(callable(spacy.cli.info), spacy.info(silent=True)['spacy_version'])"
    )
    assert _said_by(code) == ["True", version("spacy")]


def test_the_screens_hold_neither_openssl_nor_the_metadata_of_packages() -> None:
    code = (
        "import sys, tempfile, pathlib, annotator.cli.review_screens as r\n"
        "r.import_lean()\n"
        "import annotator.cli.context as s, annotator.tui.app, annotator.tui.queue.queue_screen,"
        " annotator.tui.review.review_screen\n"
        "here = pathlib.Path(tempfile.mkdtemp())\n"
        "(here / 'annotator.toml').write_text('')\n"
        "r._setup(s.Workspace(here), None, None).store.close()\n"
        "print(*(name for name in ('_ssl', '_hashlib', 'zipfile', 'email',"
        " 'sqlalchemy.connectors.asyncio') if name in sys.modules))\n"
    )
    assert _said_by(code) == []


def test_deferred_modules_can_be_used_later() -> None:
    code = (
        "from annotator.cli.lean_imports import import_lean\n"
        "import_lean()\n"
        "import hashlib, importlib.metadata, ssl, sqlalchemy.dialects.sqlite as sqlite\n"
        "print(importlib.metadata.version('textual'), sqlite.aiosqlite.dialect.driver,"
        " hasattr(ssl, 'SSLContext'), hashlib.sha256(b'a').hexdigest())\n"
        "from importlib.metadata import version\n"
        "print(version('textual'))\n"
    )
    digest = sha256(b"a").hexdigest()
    here = version("textual")
    assert _said_by(code) == [here, "aiosqlite", "True", digest, here]
