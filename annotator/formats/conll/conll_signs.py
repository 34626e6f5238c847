"""By what files of columns are recognised."""

from __future__ import annotations

from annotator.formats.signs import Sign, Signs

# Two lines at least: prose may end in something like a tag, as in a B-52.
_TAGGED = r"(?:^(?!#)\t*\S+(?:[ \t]+\S+)*?[ \t]+(?:O|[BILUES]-\S+)[ \t]*\r?\n?$\n?){2}"
_TAG = r"\"?(?:O|[BILUES][-_][\w-]+|[\w-]+[-_][BILUES])\"?"


def _table(cut: str) -> Sign:
    """The sign of a table in which two lines at least end in a tag, behind this letter."""
    return Sign(
        f"a table of words and tags with `{cut}` between them",
        head=rf"(?:^[^\t\n]*{cut}{_TAG}[ ]*\r?\n?$\n?){{2}}",
        out="Put tabs in its place, and import what comes out: python3 -c 'import csv, sys; "
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
            out="It has no names (as NER=B-PERSON in its last column). Write word and tag as "
            "columns, and import that with --format conll",
        ),
        _table(","),
        _table(";"),
        Sign("columns of words and tags", head=_TAGGED),
    ),
)
