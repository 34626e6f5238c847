"""`annotator doctor`: what is well, what is not and what to do, with nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.cli import fitness
from annotator.cli.fitness import Check, checks
from annotator.inbox.documents import pdf_files
from annotator.store.store import Store
from tests.e2e.conftest import Annotator

NAMES = [
    "python", "settings", "labels", "pipeline", "encoder", "database", "clock", "inbox",
    "documents", "exports", "watcher", "disk", "unsaved", "terminal",
]  # fmt: skip


def by_name(folder: Path) -> dict[str, Check]:
    return {one.name: one for one in checks(folder)}


@pytest.fixture
def fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose pipeline is not loaded, which takes seconds."""
    monkeypatch.setitem(
        fitness._LOOKS, "pipeline", lambda _: Check("pipeline", True, "not loaded in this test")
    )
    (tmp_path / "annotator.toml").write_text('reviewer = "ada"\n')
    (tmp_path / "inbox").mkdir()
    return tmp_path


def test_a_fresh_workspace_is_fit_and_stays_as_it_is(fit: Path) -> None:
    before = sorted(fit.rglob("*"))
    looked = by_name(fit)
    assert list(looked) == NAMES
    assert [one.name for one in looked.values() if not one.ok] == []
    assert "made at the first start" in looked["database"].found
    assert sorted(fit.rglob("*")) == before


def test_every_fault_is_named_with_what_to_do(fit: Path) -> None:
    Store.open(f"sqlite:///{fit / 'annotator.db'}").close()
    (fit / "inbox").rmdir()
    (fit / "exports").write_text("a file where a folder is wanted")
    (fit / "annotator.toml").write_text('labels = "nothing.toml"\n')
    looked = by_name(fit)
    ill = {one.name for one in looked.values() if not one.ok}
    assert {"inbox", "exports", "labels"} <= ill
    assert all(looked[name].advice for name in ill)
    assert looked["database"].ok


def test_a_database_of_another_program_and_a_damaged_one_fail(fit: Path) -> None:
    (fit / "annotator.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 20)
    looked = by_name(fit)
    assert not looked["database"].ok
    assert looked["database"].advice


def test_without_settings_the_rest_is_still_looked_at(tmp_path: Path) -> None:
    looked = by_name(tmp_path)
    assert not looked["settings"].ok
    assert "annotator init" in (looked["settings"].advice or "")
    assert list(looked) == ["python", "settings", "disk", "terminal"]


def test_decisions_that_wait_to_be_saved_are_pointed_out(fit: Path) -> None:
    from annotator.tui.saving.rescue_files import FILES

    (fit / FILES.replace("*", "x")).write_text("{}\n")
    looked = by_name(fit)
    assert not looked["unsaved"].ok
    assert "annotator review" in (looked["unsaved"].advice or "")


@pytest.mark.usefixtures("forked", "database")
def test_the_verb_gives_all_checks_and_fails_with_them(
    annotator: Annotator, workspace: Path
) -> None:
    looked = annotator("doctor", "--json").result["checks"]
    assert [one["name"] for one in looked] == NAMES
    assert all(one["ok"] for one in looked)
    assert all(set(one) == {"name", "ok", "found", "advice"} for one in looked)
    (workspace / "annotator.toml").write_text('model = "no_such_pipeline"\n')
    ran = annotator("doctor")
    assert ran.status == 1
    assert "FAIL  pipeline" in ran.out


@pytest.mark.parametrize(
    ("package", "found"), [("json", "and PDF are read"), ("no_such_package", "PDF is not")]
)
def test_it_says_which_documents_are_read(
    fit: Path, package: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_files, "_NEEDED", package)
    look = by_name(fit)["documents"]
    assert look.ok
    assert found in look.found
    assert ("annotator[pdf]" in (look.advice or "")) == (package != "json")
