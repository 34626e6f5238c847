"""The columns of a Hugging Face dataset, for the Parquet schema, its metadata and the card.

A column is the name of a type, a dict (a structure), or a list with one of these (a sequence).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import orjson

from annotator.core.records.fields import CLAIM_ATTRIBUTES

_TAG = "tag"
_SPAN = {"start": "int32", "end": "int32", "text": "string"}
_MADE = {"made_by": "string", "verdict": "string", "score": "float64", "note": "string"}
_ORIGIN = dict.fromkeys(
    ("name", "outlet", "url", "author", "published", "received", "part"), "string"
)
COLUMNS: dict[str, Any] = {
    "id": "string",
    "text": "string",
    "tokens": ["string"],
    "offsets": [{"start": "int32", "end": "int32"}],
    "ner_tags": [_TAG],
    "entities": [
        {
            "id": "string",
            **_SPAN,
            "label": "string",
            "identity": "string",
            **_MADE,
            "suggested_by": ["string"],
        }
    ],
    "claims": [
        {
            "id": "string",
            "content": [_SPAN],
            "cue": [_SPAN],
            "source": [_SPAN],
            **{one.name: "string" if one.choices else "bool" for one in CLAIM_ATTRIBUTES},
            "source_entity": "string",
            "parent": "string",
            "entities": ["string"],
            "tier": "string",
            **_MADE,
        }
    ],
    "junk": [{"id": "string", **_SPAN, "kind": "string", **_MADE}],
    "rejected": [
        {
            "item": "string",
            **_SPAN,
            "label": "string",
            "kind": "string",
            "content": [_SPAN],
            "cue": [_SPAN],
            "source": [_SPAN],
        }
    ],
    "title": "string",
    "language": "string",
    "answer": "string",
    "origin": _ORIGIN,
    "also_from": [_ORIGIN],
    "meta": "string",
    "scheme": {"name": "string", "version": "string"},
    "pipeline": {"name": "string", "version": "string", "hash": "string"},
    "review": {
        "reviewer": "string",
        "kind": "string",
        "started": "string",
        "finished": "string",
        "seconds": "float64",
        "keys": "int64",
        "decisions": "int64",
        "assisted": "bool",
        "bulk": "int64",
    },
    "notes": [{"reviewer": "string", "at": "string", "text": "string"}],
    "unknown": [_SPAN],
    "identities": [dict.fromkeys(("id", "name", "type", "link"), "string")],
    "story": "string",
    "ties": [
        {
            **dict.fromkeys(("claim", "relation", "article", "other"), "string"),
            **dict.fromkeys(("made_by", "verdict"), "string"),
            "score": "float64",
        }
    ],
    "suggesters": [dict.fromkeys(("suggester", "name", "version", "hash"), "string")],
}
# Columns that earlier datasets do not have.
LATER = frozenset({"unknown", "identities", "story", "ties", "suggesters"})

_BODY = """
# Entities and claims of news articles

Written by annotator; one row is one review of one article. `text` is the article, and all offsets
are code points of it, half-open.

- `tokens`, `offsets`, `ner_tags`: the words, their offsets, and their classes in IOB2. Of
  overlapping entities, the longest is tagged. -100 marks words that nobody decided on; PyTorch's
  losses ignore it.
- `entities`, `claims`, `junk`: all decided items. A claim has pieces of `content` (what is said),
  `cue` (the words that attribute) and `source` (who says it, if anybody).
- `rejected`: rejected suggestions.
- `unknown`: stretches of the text that nobody decided on; unmarked words there may be anything.
- `meta`: further fields of the article, as JSON.
- `identities`: the names of the persons, groups and places that `identity` of an entity means.
- `story`: the id of the event that the article is about; articles with one id are on one event.
- `ties`: how claims are related to claims of the same or of other articles (`article`, `other`).
- `suggesters`, and `suggested_by` of an entity: further pipelines that suggested entities.
"""


def schema(arrow: ModuleType, classes: Sequence[str]) -> Any:
    """The Parquet schema, with the features in its metadata for `datasets`; `arrow` is pyarrow."""
    features = {name: _feature(kind, classes) for name, kind in COLUMNS.items()}
    head = {"huggingface": orjson.dumps({"info": {"features": features}})}
    return arrow.schema([(name, _arrow(kind, arrow)) for name, kind in COLUMNS.items()], head)


def card(classes: Sequence[str], languages: Sequence[str]) -> str:
    """The README of the dataset, with the YAML header that `datasets` and the hub read."""
    lines = ["---"]
    if languages:
        lines += ["language:", *(f"- {_quoted(language)}" for language in languages)]
    lines += ["task_categories:", "- token-classification", "dataset_info:", "  features:"]
    lines += [f"  {line}" for name, kind in COLUMNS.items() for line in _yaml(name, kind, classes)]
    lines += ["configs:", "- config_name: default", "  data_files:", "  - split: train"]
    lines += ["    path: data/train-*.parquet", "---", _BODY.lstrip()]
    return "\n".join(lines)


def _arrow(kind: Any, arrow: ModuleType) -> Any:
    if isinstance(kind, dict):
        return arrow.struct([(name, _arrow(inner, arrow)) for name, inner in kind.items()])
    if isinstance(kind, list):
        return arrow.list_(_arrow(kind[0], arrow))
    types = {
        "string": arrow.string,
        "int32": arrow.int32,
        "int64": arrow.int64,
        "float64": arrow.float64,
        "bool": arrow.bool_,
        _TAG: arrow.int64,
    }
    return types[kind]()


def _feature(kind: Any, classes: Sequence[str]) -> Any:
    if isinstance(kind, dict):
        return {name: _feature(inner, classes) for name, inner in kind.items()}
    if isinstance(kind, list):
        inner = _feature(kind[0], classes)
        # Older versions have no List, and turn a Sequence of a structure into a dict of lists.
        return [inner] if isinstance(kind[0], dict) else {"feature": inner, "_type": "Sequence"}
    if kind == _TAG:
        return {"names": list(classes), "_type": "ClassLabel"}
    return {"dtype": kind, "_type": "Value"}


def _yaml(name: str, kind: Any, classes: Sequence[str]) -> Iterator[str]:
    yield f"- name: {name}"
    if isinstance(kind, str):
        yield f"  dtype: {kind}"
    elif isinstance(kind, dict) or isinstance(kind[0], dict):
        yield "  struct:" if isinstance(kind, dict) else "  list:"
        for inner, inner_kind in (kind if isinstance(kind, dict) else kind[0]).items():
            yield from (f"  {line}" for line in _yaml(inner, inner_kind, classes))
    elif kind[0] == _TAG:
        yield from ("  sequence:", "    class_label:", "      names:")
        yield from (f"        '{n}': {_quoted(one)}" for n, one in enumerate(classes))
    else:
        yield f"  sequence: {kind[0]}"


def _quoted(word: str) -> str:
    return orjson.dumps(word).decode()
