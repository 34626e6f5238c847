"""Settings: their sources, and the messages about invalid ones."""

from pathlib import Path

import pytest

from annotator.cli.worker_options import plan_for
from annotator.core.labels import scheme_from
from annotator.errors import SchemeError, SettingsError
from annotator.ingest.plan import SuggesterPlan
from annotator.settings import bundled, load_scheme, load_settings
from annotator.suggest.pipeline import shipped_folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "annotator.toml").write_text('inbox = "in"\nreviewer = "file"\n')
    return tmp_path


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE", "MODEL", "INBOX", "EXPORTS", "REVIEWER"):
        monkeypatch.delenv(f"ANNOTATOR_{name}", raising=False)


def test_the_file_is_read_and_paths_are_relative_to_it(workspace: Path) -> None:
    settings = load_settings(workspace)
    assert settings.inbox == workspace / "in"
    assert settings.database == f"sqlite:///{workspace / 'annotator.db'}"


def test_the_environment_wins_over_the_file(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_REVIEWER", "environment")
    assert load_settings(workspace).reviewer == "environment"


def test_the_command_line_wins_over_the_environment(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_REVIEWER", "environment")
    assert load_settings(workspace, {"reviewer": "command"}).reviewer == "command"


def test_missing_command_line_options_change_nothing(workspace: Path) -> None:
    assert load_settings(workspace, {"reviewer": None}).reviewer == "file"


def test_an_unknown_key_is_refused_with_the_nearest_one(workspace: Path) -> None:
    (workspace / "annotator.toml").write_text('inbx = "in"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(workspace)
    assert "inbx" in caught.value.message
    assert "'inbox'" in caught.value.hint


@pytest.mark.parametrize(
    "line",
    [
        "confidence = 2",
        "workers = 0",
        'encodings = ["klingon"]',
        "reviews_per_article = 0",
        'max_size = "big"',
        'reviewer = ""',
        'theme = "pink"',
        "suggesters = 1",
        'suggesters = [{name = "a b", model = "m"}]',
        'suggesters = [{name = "memory", model = "m"}]',
        'suggesters = [{name = "desk"}]',
        'suggesters = ["here/desk", "there/desk"]',
        'suggesters = [{name = "desk", model = "m", adresses = []}]',
        'suggesters = [{name = "desk", model = "m", addresses = ["localhost"]}]',
        'suggesters = [{name = "desk", model = "m", seconds = 0}]',
    ],
)
def test_an_invalid_value_is_refused_with_its_key(workspace: Path, line: str) -> None:
    (workspace / "annotator.toml").write_text(line)
    with pytest.raises(SettingsError, match=line.split(maxsplit=1)[0]):
        load_settings(workspace)


@pytest.mark.parametrize("line", ['"x"', "[1]", '[["a"]]', '{name = "x"}', '["my model"]', "[{}]"])
def test_errors_in_suggesters_use_the_words_of_the_file(workspace: Path, line: str) -> None:
    (workspace / "annotator.toml").write_text(f"suggesters = {line}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(workspace)
    foreign = ("Input should", "Value error", "tuple", "dictionary", "instance", "pattern")
    assert not [word for word in foreign if word in caught.value.message]


@pytest.mark.parametrize("key", ["encodings", "keys", "colours", "label_maps", "suggesters"])
@pytest.mark.parametrize("value", ["latin-1", "", "{", "\u00e9"])
def test_a_list_or_table_in_the_environment_that_is_not_json_is_refused(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(f"ANNOTATOR_{key.upper()}", value)
    with pytest.raises(SettingsError, match=f"{key} is invalid: a (list|table) .* JSON") as caught:
        load_settings(workspace)
    assert f"ANNOTATOR_{key.upper()}" in caught.value.hint


def test_a_list_in_the_environment_is_json(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_ENCODINGS", '["latin-1"]')
    assert load_settings(workspace).encodings == ("latin-1",)


def test_the_advice_names_the_source_of_a_wrong_value(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_WORKERS", "many")
    with pytest.raises(SettingsError, match="workers") as caught:
        load_settings(workspace)
    assert "ANNOTATOR_WORKERS" in caught.value.hint
    with pytest.raises(SettingsError, match="reviewer") as caught:
        load_settings(workspace, {"reviewer": "", "workers": 1})
    assert "--reviewer" in caught.value.hint


def test_a_folder_without_settings_is_not_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a workspace") as caught:
        load_settings(tmp_path)
    assert "annotator init" in caught.value.hint


def test_a_broken_file_is_refused_with_the_place(workspace: Path) -> None:
    (workspace / "annotator.toml").write_text("inbox = \n")
    with pytest.raises(SettingsError, match=r"annotator\.toml"):
        load_settings(workspace)


@pytest.mark.parametrize("content", ["a = " + "[" * 5000, "a = ", "\0"])
def test_a_label_scheme_or_settings_that_cannot_be_parsed_are_refused(
    workspace: Path, content: str
) -> None:
    labels = workspace / "labels.toml"
    labels.write_text(content)
    with pytest.raises(SchemeError, match=r"labels\.toml cannot be read"):
        load_scheme(load_settings(workspace, {"labels": labels}))
    (workspace / "annotator.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"annotator\.toml cannot be read"):
        load_settings(workspace)


def test_a_label_scheme_that_cannot_be_opened_is_refused(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    settings = load_settings(workspace, {"labels": workspace / "annotator.toml"})
    monkeypatch.setattr(Path, "read_text", refuse)  # root may read any file
    with pytest.raises(SchemeError, match="cannot be opened: Permission denied"):
        load_scheme(settings)


def test_urls_of_other_databases_are_unchanged(workspace: Path) -> None:
    url = "postgresql+psycopg://somebody@host/name"
    assert load_settings(workspace, {"database": url}).database == url


def test_the_shipped_scheme_has_twenty_labels(workspace: Path) -> None:
    scheme = load_scheme(load_settings(workspace))
    assert len(scheme.labels) == 20
    assert "WEAPON" in scheme
    assert scheme.digit("1") == scheme.labels[0]
    assert scheme.digit("0") == scheme.labels[9]


@pytest.mark.parametrize(
    "name", ["labels.toml", "labels.schema.json", "record.schema.json", "guidelines.md"]
)
def test_the_shipped_files_are_found(name: str) -> None:
    assert bundled(name).is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "aa"}, "key"),
        ({"color": "red"}, "colour"),
        ({"meaning": ""}, "meaning"),
        ({"colour": "#ffffff"}, "colour"),
    ],
)
def test_a_wrong_label_is_refused(change: dict[str, str], said: str) -> None:
    row = {"name": "A", "key": "a", "color": "#aabbcc", "meaning": "An A."} | change
    with pytest.raises(SchemeError, match=said):
        scheme_from({"name": "n", "version": "1", "label": [row]})


def test_two_labels_cannot_share_a_key() -> None:
    rows = [{"name": n, "key": "a", "color": "#aabbcc", "meaning": "m"} for n in "AB"]
    with pytest.raises(SchemeError, match="share the key"):
        scheme_from({"name": "n", "version": "1", "label": rows})


def test_colours_in_the_settings_replace_those_of_the_scheme(workspace: Path) -> None:
    settings = load_settings(workspace, {"colours": {"GPE": "#123456"}})
    assert load_scheme(settings).by_name["GPE"].color == "#123456"


@pytest.mark.parametrize("colours", [{"PLACE": "#123456"}, {"GPE": "blue"}])
def test_invalid_colours_are_refused(workspace: Path, colours: dict[str, str]) -> None:
    with pytest.raises(SchemeError, match=next(iter(colours))):
        load_scheme(load_settings(workspace, {"colours": colours}))


def test_a_suggester_is_a_model_or_a_table(workspace: Path) -> None:
    (workspace / "desk").mkdir()
    (workspace / "annotator.toml").write_text(
        'suggesters = ["desk", "en_core_web_sm", {name = "llm", model = "server", '
        'addresses = ["http://127.0.0.1:8080"], labels = {PER = "PERSON"}, seconds = 5}]\n'
    )
    chosen = load_settings(workspace)
    assert plan_for(chosen).suggesters == (
        SuggesterPlan("desk", str(workspace / "desk")),
        SuggesterPlan("en_core_web_sm", "en_core_web_sm"),
        SuggesterPlan("llm", "server", ("http://127.0.0.1:8080",), {"PER": "PERSON"}, 5.0),
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('model = "x"\nsuggesters = ["x"]', "x is the same as the pipeline of `model`"),
        (
            f'suggesters = [{{name = "y", model = "{shipped_folder()}"}}]',
            "y is the same as the pipeline of",
        ),
        (
            'suggesters = ["x", {name = "y", model = "x"}]',
            r"y is the same as the suggester x \(x\)",
        ),
        (
            'suggesters = [{name = "y", model = "y", labels = {PER = "HUMAN"}}]',
            "gives PER the name HUMAN, which is not a label here",
        ),
    ],
)
def test_a_suggester_that_makes_no_sense_is_refused(workspace: Path, lines: str, said: str) -> None:
    (workspace / "annotator.toml").write_text(lines)
    with pytest.raises(SettingsError, match=said):
        plan_for(load_settings(workspace))
