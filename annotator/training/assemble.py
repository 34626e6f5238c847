"""Combines the trained encoder and our other components into one pipeline folder."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.tokens import Doc

from annotator.errors import ModelError
from annotator.suggest.pipeline import shipped_folder

NAME, VERSION = "annotator_news", "2.1.0"
DESCRIPTION = (
    "Tags, lemmas, dependencies, entities, claims and junk lines of English news, trained on "
    "openly licensed data only"
)
_TABLES = ("lemma_rules", "lemma_exc", "lemma_index")
# Word classes that the lemma rules do not cover.
_NOT_LEARNT = frozenset(("PROPN", "PUNCT", "NUM", "SYM", "X"))
_OPEN = frozenset(("noun", "verb", "adj", "adv"))


def assemble(encoder: Path, treebank: Iterable[Doc], common_words: frozenset[str]) -> Language:
    """The whole pipeline around a trained encoder; `treebank` teaches irregular lemmas."""
    nlp = spacy.blank("en")
    for own in ("junk", "paragraphs"):
        nlp.add_pipe(f"annotator_{own}")
    nlp.add_pipe("annotator_encoder").from_disk(encoder)
    nlp.add_pipe("lemmatizer", config={"mode": "rule"}).initialize(lookups=_lemma_tables(treebank))
    for own in ("numbers", "consistency", "scores", "claims"):
        nlp.add_pipe(f"annotator_{own}")
    nlp.get_pipe("annotator_consistency").common_words = common_words
    nlp.meta.update(
        name=NAME, version=VERSION, license="CC BY-SA 4.0", description=DESCRIPTION, author="",
        url="", email="",
    )  # fmt: skip
    return nlp


def check_output(output: Path) -> None:
    """Raise ModelError if a pipeline cannot be written there: only an empty folder or another
    pipeline is replaced."""
    if not output.exists():
        return
    if not output.is_dir() or (any(output.iterdir()) and not (output / "meta.json").is_file()):
        raise ModelError(
            f"{output} exists and is not a pipeline; nothing was changed.",
            hint="Give the name of a new folder.",
        )


def write(nlp: Language, output: Path) -> None:
    """Write the pipeline with its licence and notice; the folder is replaced completely or not at
    all. Raises ModelError if something else is there."""
    check_output(output)
    unfinished = output.with_name(output.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    nlp.to_disk(unfinished)
    _keep_only_needed_strings(nlp, unfinished)
    for name in ("LICENSE", "LICENSE-APACHE", "NOTICE"):
        shutil.copyfile(
            str(files("annotator.training").joinpath(f"model-{name}")), unfinished / name
        )
    spacy.load(unfinished)
    shutil.rmtree(output, ignore_errors=True)
    unfinished.rename(output)


def _lemma_tables(treebank: Iterable[Doc]) -> Lookups:
    """The English lemma tables, extended with words from the treebank."""
    lookups = _english_tables()
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for doc in treebank:
        for token in doc:
            if token.pos_ not in _NOT_LEARNT:
                lemma = token.lemma_.lower()
                seen[token.pos_.lower(), token.lower_]["I" if lemma == "i" else lemma] += 1
    table = lookups.get_table("lemma_exc")
    rows: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for (pos, form), lemmas in seen.items():
        ((lemma, n),) = lemmas.most_common(1)
        if pos not in _OPEN or (lemma != form and n > 1):
            rows[pos][form] = [lemma]
    for pos, forms in rows.items():
        table[pos] = {**table.get(pos, {}), **forms}
    return lookups


def _english_tables() -> Lookups:
    """The tables of spacy-lookups-data, or those of the shipped pipeline if it is not installed.

    The latter contain the same plus additions from our treebanks, so the result is the same.
    """
    try:
        data = files("spacy_lookups_data").joinpath("data")
    except ModuleNotFoundError:
        return Lookups().from_disk(shipped_folder() / "lemmatizer" / "lookups")
    lookups = Lookups()
    for name in _TABLES:
        lookups.add_table(
            name, srsly.read_gzip_json(Path(str(data.joinpath(f"en_{name}.json.gz"))))
        )
    return lookups


def _keep_only_needed_strings(nlp: Language, folder: Path) -> None:
    """Remove words from the vocabulary that only training added."""
    needed = set(spacy.blank("en").vocab.strings)
    for _, pipe in nlp.pipeline:
        for label in getattr(pipe, "labels", ()):
            needed.add(label)
            # A class of the encoder may be a list of features; keep each feature too.
            for feature in label.split("|"):
                needed.update((feature, *feature.split("=")))
    kept = [string for string in nlp.vocab.strings if string in needed]
    strings = folder / "vocab" / "strings.json"
    strings.write_text(json.dumps(sorted(kept), ensure_ascii=False), encoding="utf-8")


def set_facts(folder: Path, scores: dict[str, Any], made: dict[str, Any]) -> None:
    """Write scores, and what made the pipeline, into the folder's `meta.json`."""
    path = folder / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["performance"], meta["made"] = scores, made
    path.write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
