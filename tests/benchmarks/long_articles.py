"""Workspaces with pre-annotated articles of a given length, made of the seeds' paragraphs."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from annotator.ingest.adding import add
from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store

SEEDS = Path(__file__).parents[2] / "seeds"


def long_text(words: int, *, paragraphs: bool = True, seed: int = 7) -> str:
    """About `words` words: paragraphs of the seeds in random order, or all of them as one."""
    files = (*sorted(SEEDS.glob("*.txt")), *sorted(SEEDS.glob("*.md")))
    pool = [
        line
        for file in files
        if file.name != "README.md"
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    dice = random.Random(seed)
    chosen, counted = [], 0
    while counted < words:
        chosen.append(dice.choice(pool))
        counted += len(chosen[-1].split())
    return ("\n\n" if paragraphs else " ").join(chosen) + "\n"


def workspace(folder: Path, texts: Iterable[str]) -> None:
    """Makes `folder` a workspace whose store holds each text with the suggestions it gets."""
    (folder / "annotator.toml").write_text("")
    inbox = folder / "inbox"
    inbox.mkdir()
    for number, text in enumerate(texts, start=1):
        (inbox / f"{number}.txt").write_text(text, encoding="utf-8")
    url = f"sqlite:///{folder / 'annotator.db'}"
    store = Store.open(url)
    try:
        add(sorted(inbox.iterdir()), store=store, plan=WorkerPlan(url))
    finally:
        store.close()
