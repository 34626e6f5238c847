"""What is proposed across articles with nobody's decision, and how good it is on gold.

    python -m tests.benchmarks.across FILE.jsonl... [--json] [--gold FOLDER]

FILE holds records of several articles; their entities and claims are taken as given, their
identities, ties and stories ignored. `--gold` compares the proposals with `identities.jsonl`,
`stories.jsonl` and `ties.jsonl` of a folder such as `seeds/across`: B-cubed over the names that its
identities have (Bagga & Baldwin 1998), the recall of its ties among the proposals for either claim,
and pairs of articles of one story.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from annotator.core.across.mentions import Place
from annotator.core.across.proposals import Proposals
from annotator.core.record import Record, record_from_dict
from tests.benchmarks.cross_scores import against_gold, as_contract, proposed


def _print(golds: Sequence[Record], found: Proposals) -> None:
    """The proposals in words: identities of several forms or articles, stories, best ties."""
    texts = {one.article.id: one for one in golds}
    for identity in found.identities:
        if len(identity.mentions) > 1:
            forms = ", ".join(f"{form} {count}" for form, count in identity.forms)
            why = "; ".join(f"{one.one} = {one.other}: {one.why}" for one in identity.evidence)
            print(f"{identity.score:.2f} {identity.name} ({identity.type}): {forms}  {why}")
    for story in found.stories:
        names = [texts[one].article.origin.name or one[:8] for one in story.articles]
        print(f"story {story.score:.2f}: {', '.join(names)}")
    contents = {
        (one.article.id, claim.id): " … ".join(
            piece.of(one.article.text) for piece in claim.content
        )
        for one in golds
        for claim in one.claims
    }
    best: dict[Place, list[str]] = defaultdict(list)
    for tie in found.ties:
        best[tie.one].append(f"    {tie.score:.2f} {tie.relation}: {contents[tie.other]}")
    for place, lines in best.items():
        print(contents[place], *lines, sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--gold", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    lines = [line for file in chosen.files for line in file.read_text("utf-8").splitlines()]
    golds = [record_from_dict(json.loads(line)) for line in lines if line.strip()]
    found = proposed(golds)
    figures = against_gold(golds, found, chosen.gold) if chosen.gold else {}
    if chosen.json:
        print(json.dumps(as_contract(found) | figures, ensure_ascii=False))
    elif chosen.gold:
        for name, value in figures.items():
            print(f"{name:22} {value}")
    else:
        _print(golds, found)


if __name__ == "__main__":
    main()
