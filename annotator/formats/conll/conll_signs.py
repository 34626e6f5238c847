"""The signs by which column files are recognised."""

from __future__ import annotations

from annotator.formats.signs import Sign, Signs

# At least two lines, since a line of prose may end with something like a tag (B-52).
_TAGGED = r"(?:^(?!#)\t*\S+(?:[ \t]+\S+)*?[ \t]+(?:O|[BILUES]-\S+)[ \t]*\r?\n?$\n?){2}"
_TAG = r"\"?(?:O|[BILUES][-_][\w-]+|[\w-]+[-_][BILUES])\"?"


def _table(cut: str) -> Sign:
    """The sign of a table in which at least two lines end with this separator and a tag."""
    return Sign(
        f"a table of words and tags with `{cut}` between them",
        head=rf"(?:^[^\t\n]*{cut}{_TAG}[ ]*\r?\n?$\n?){{2}}",
        out="Replace it by tabs and import the result: python3 -c 'import csv, sys; "
        f'print(*map("\\t".join, csv.reader(sys.stdin, delimiter="{cut}")), sep="\\n")\' '
        "< FILE > table.conll",
    )


CONLL_SIGNS = Signs(
    endings=(".conll", ".conll03", ".conll2003", ".iob", ".iob2", ".bio"),
    heads=(
        Sign(
            "CoNLL-U with names in its last column",
            head=r"(?i)^\d+\t(?:[^\t\n]*\t){8}(?:[^\t\n]*\|)?n(?:er|e)(?:_tag)?=(?:o|[biluesmw]-)",
        ),
        Sign(
            "CoNLL-U",
            head=r"^\d+(?:-\d+)?\t(?:[^\t\n]*\t){8}[^\t\n]*$",
            out="It has no entities (NER=B-PERSON in its last column). Write words and tags as "
            "columns, and import these with --format conll",
        ),
        _table(","),
        _table(";"),
        Sign("columns of words and tags", head=_TAGGED),
    ),
)
