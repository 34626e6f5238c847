"""Real pipelines that suggest beside ours: lists of names, and one that does as the text says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import spacy

ODD = '''\
"""A component that does what a text says, and leaves a file where it was loaded."""

import os, pathlib, socket, time
from spacy.language import Language
from spacy.tokens import Span


@Language.factory("odd", default_config={"endpoint": "", "mark": ""})
def odd(nlp, name, endpoint, mark):
    if mark:
        pathlib.Path(mark).touch()

    def call(address):
        with socket.create_connection(address, timeout=10) as line:
            return line.recv(100).decode()

    def component(doc):
        first = doc[0].text
        if first == "raise":
            raise ValueError("no such word")
        if first == "crash":
            os._exit(7)
        if first in ("fork", "daemon") and os.fork() == 0:
            if first == "daemon":
                os.setsid()
            pathlib.Path(doc.text.split()[1]).write_text(str(os.getpid()))
            time.sleep(60)
            os._exit(0)
        if first == "close":
            os.closerange(3, 256)
        if first in ("hang", "fork", "close"):
            time.sleep(600)
        if first == "daemon":
            os._exit(7)
        label = "ORG"
        if first == "call":
            host, port = doc.text.split()[1].split(":")
            label = call((host, int(port)))
        doc.ents = [Span(doc, 0, 1, label=label)]
        return doc

    return component
'''


def save_list(folder: Path, names: Mapping[str, str], *, lang: str = "xx") -> Path:
    """Save a pipeline that knows these names, each with its label; returns its folder."""
    nlp = spacy.blank(lang)
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in names.items()])
    nlp.meta["name"], nlp.meta["version"] = folder.name, "1.2"
    nlp.to_disk(folder)
    return folder


def save_odd(folder: Path, packages: Path, **config: Any) -> Path:
    """Save a pipeline with the component `odd`, installed in `packages`, which must be on the path
    of the process that loads it; returns its folder."""
    (packages / "odd_component.py").write_text(ODD)
    about = packages / "odd_component-1.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-component\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[spacy_factories]\nodd = odd_component:odd\n")
    nlp = spacy.blank("xx")
    nlp.to_disk(folder)
    whole = nlp.config.copy()
    whole["nlp"]["pipeline"] = ["odd"]
    options = {name: str(value) for name, value in config.items()}
    whole["components"] = {"odd": {"factory": "odd", **options}}
    whole.to_disk(folder / "config.cfg")
    return folder
