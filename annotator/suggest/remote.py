"""Which servers a pipeline asks, found in its configuration before anything of it is loaded.

Whatever the configuration does not show is stopped by `network_guard`, which knows the same
addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from annotator.core.network_address import NetworkAddress, address_in, address_of_server
from annotator.errors import ModelError

# Options whose value names a server even if it is not a URL.
_SERVER = frozenset(
    ("endpoint", "base_url", "api_base", "api_url", "url", "uri", "host", "server", "address")
)
# Models of spacy-llm that run in this process, by the beginnings of their names; all others ask a
# server, which is written in their code unless an option names another.
_HERE = (
    *("Dolly", "Falcon", "HuggingFace", "Llama2", "Mistral", "Mixtral", "NoOp", "OpenLLaMA"),
    *("Phi", "StableLM", "Yi", "Zephyr"),
)
# Where the clients of such servers look for another address.
_VARIABLES = (
    "OPENAI_API_BASE",
    "OPENAI_BASE_URL",
    "AZURE_OPENAI_ENDPOINT",
    "ANTHROPIC_BASE_URL",
    "OLLAMA_HOST",
    "COHERE_API_URL",
)


def check_addresses(
    config: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    suggester: str,
    allowed: Iterable[NetworkAddress],
) -> None:
    """Raises ModelError if a pipeline would ask a server that `allowed` does not name."""
    named = frozenset(allowed)
    for address in sorted(set(addresses_of(config, environment)) - named):
        raise ModelError(
            f"The suggester {suggester} would send articles to {address}, which no setting names.",
            hint=f'If that is meant, give it `addresses = ["http://{address}"]` in annotator.toml.',
        )
    if not named and (model := _model_elsewhere(config)):
        raise ModelError(
            f"The suggester {suggester} would send articles to the server of {model}, which no "
            "setting names.",
            hint="If that is meant, give it `addresses` with the server's URL in annotator.toml.",
        )


def addresses_of(
    config: Mapping[str, Any], environment: Mapping[str, str]
) -> Iterator[NetworkAddress]:
    """The addresses that a pipeline's configuration names, and those in variables that its language
    models would read."""
    parts = {name: config.get(name) for name in ("nlp", "components")}
    for key, words in _strings(parts):
        with suppress(ValueError):  # not an address
            found = address_of_server(words) if key in _SERVER else address_in(words)
            if found is not None:
                yield found
    if any(_language_models(config)):
        for variable in _VARIABLES:
            with suppress(ValueError):
                found = address_of_server(environment.get(variable, ""))
                if found is not None:
                    yield found


def _model_elsewhere(config: Mapping[str, Any]) -> str | None:
    """The first language model that asks a server which its options do not name."""
    for model in _language_models(config):
        name = str(model["@llm_models"])
        family = name.removeprefix("spacy.")
        is_here = name.startswith("spacy.") and family.startswith(_HERE)
        if not is_here and not any(addresses_of({"components": model}, {})):
            return name
    return None


def _language_models(plain: Any) -> Iterator[Mapping[str, Any]]:
    """The tables of a configuration that choose a model of spacy-llm."""
    if isinstance(plain, Mapping):
        if "@llm_models" in plain:
            yield plain
        for value in plain.values():
            yield from _language_models(value)


def _strings(plain: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Each string in a configuration, with the name of its option."""
    if isinstance(plain, str):
        yield key, plain
    elif isinstance(plain, Mapping):
        for name, value in plain.items():
            yield from _strings(value, str(name).lower())
    elif isinstance(plain, list | tuple):
        for value in plain:
            yield from _strings(value, key)
