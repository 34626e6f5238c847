"""Pipelines that would ask a server are refused before loading, unless a setting names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from annotator.core.network_address import NetworkAddress, address_in
from annotator.errors import ModelError
from annotator.suggest.remote import check_addresses

LOCAL = "http://127.0.0.1:8080"


def language_model(name: str, **options: Any) -> dict[str, Any]:
    """The configuration of a pipeline with a model of spacy-llm."""
    task = {"@llm_tasks": "spacy.NER.v3", "labels": ["PERSON"]}
    model = {"@llm_models": name, **options}
    return {"components": {"llm": {"factory": "llm", "task": task, "model": model}}}


def refused(
    config: Mapping[str, Any], *urls: str, environment: Mapping[str, str] | None = None
) -> str:
    """Why a configuration is refused where these URLs are named; empty if it is not."""
    named = frozenset[NetworkAddress](filter(None, map(address_in, urls)))
    try:
        check_addresses(config, environment or {}, suggester="desk", allowed=named)
    except ModelError as error:
        return f"{error.message} {error.hint}"
    return ""


@pytest.mark.parametrize(
    "options",
    [
        {"endpoint": f"{LOCAL}/v1/chat/completions"},
        {"config": {"base_url": LOCAL}},
        {"config": {"host": "127.0.0.1:8080"}},
        {"config": {"anything": [LOCAL]}},
    ],
)
def test_a_server_must_be_named_by_its_very_address(options: Mapping[str, Any]) -> None:
    config = language_model("spacy.GPT-3-5.v3", **options)
    assert "desk would send articles to 127.0.0.1:8080, which no setting names" in refused(config)
    assert f'addresses = ["{LOCAL}"]' in refused(config)
    assert refused(config, "http://127.0.0.1:8081")
    assert refused(config, "https://localhost:8080")
    assert refused(config, "http://127.0.0.1:8080/other") == ""


@pytest.mark.parametrize("name", ["spacy.GPT-4.v3", "spacy.Claude-2.v2", "langchain.OpenAI.v1"])
def test_a_model_on_a_server_that_its_options_do_not_name_is_refused(name: str) -> None:
    assert f"the server of {name}, which no setting names" in refused(language_model(name))
    assert refused(language_model(name), "https://api.example.org") == ""


@pytest.mark.parametrize("name", ["spacy.Dolly.v1", "spacy.Mistral.v1", "spacy.NoOp.v1"])
def test_a_model_that_runs_here_needs_no_address(name: str) -> None:
    assert refused(language_model(name)) == ""


def test_a_variable_that_would_lead_elsewhere_counts_too() -> None:
    config = language_model("spacy.GPT-4.v3", endpoint=LOCAL)
    elsewhere = {"OPENAI_BASE_URL": "https://api.example.org/v1"}
    assert "api.example.org:443" in refused(config, LOCAL, environment=elsewhere)
    assert refused({"components": {"ner": {}}}, environment=elsewhere) == ""


def test_a_pipeline_of_its_own_may_be_loaded() -> None:
    config = {
        "nlp": {"lang": "en", "pipeline": ["ner"]},
        "components": {"ner": {"factory": "ner", "scorer": {"@scorers": "spacy.ner_scorer.v1"}}},
        "training": {"logger": {"url": "https://example.org"}},
    }
    assert refused(config) == ""


def test_a_component_of_another_kind_that_names_a_server_is_found() -> None:
    config = {"components": {"linker": {"factory": "x", "kb": {"uri": "kb.example.org:9200"}}}}
    assert "kb.example.org:9200" in refused(config)
