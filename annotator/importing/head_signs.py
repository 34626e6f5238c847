"""By how they begin, files of other tools that are no JSON: one table, and a look into it."""

from __future__ import annotations

import re

from annotator.importing.signs import ADD, BRAT_OR_CONLL, WRITE, Sign

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


HEAD_SIGNS = (
    Sign("a ZIP archive", head=r"\APK\x03\x04", out="Unpack it, and import what is in it."),
    Sign("a gzip file", head=r"\A\x1f", out="Unpack it (gunzip FILE), and import what is in it."),
    Sign(
        "a SQLite database",
        head=r"\ASQLite format 3",
        out="If it is Prodigy's: prodigy db-out DATASET > tasks.jsonl; import that.",
    ),
    Sign(
        "UIMA's XMI, as INCEpTION and WebAnno export it",
        head=r"<xmi:XMI\b|xmlns:xmi=",
        out=f"{BRAT_OR_CONLL}.",
    ),
    Sign(
        "WebAnno's TSV, as INCEpTION exports it",
        head=r"\A#FORMAT=WebAnno TSV",
        out=f"{BRAT_OR_CONLL}.",
    ),
    Sign(
        "GATE's XML",
        head=r"<GateDocument\b",
        out=f"Save it from there as inline XML or JSON, and w{WRITE[1:]}",
    ),
    Sign("BioC's XML", head=r"(?i)<!DOCTYPE collection|BioC\.dtd", out=WRITE),
    Sign("TEI", head=r"<TEI\b|<teiHeader\b", out=WRITE),
    Sign("NAF or KAF", head=r"<(?:NAF|KAF)\b", out=WRITE),
    Sign("ACE's annotation", head=r"<source_file\b", out=WRITE),
    Sign("a web page", head=r"(?i)\A\s*(?:<!doctype html|<html)", out=ADD),
    Sign("XML of a kind that is not known", head=r"\A\s*<\?xml\b", out=WRITE),
    Sign("a PDF file", head=r"\A%PDF-", out=ADD),
    Sign(
        "YEDDA's annotation, which stands within the text",
        head=r"\[[@$][^\[\]\n]+#[^\[\]#\n]+\*\]",
        out="Export from there as a sequence of tags (Export), and import that with --format conll",
    ),
    Sign("OpenNLP's training data", head=r"<START:[^>\s]+> .*<END>", out=WRITE),
    Sign("PubTator's format", head=r"^\d+\|[ta]\|", out=WRITE),
    Sign(
        "CoNLL-U with names in its last column",
        head=r"(?i)^\d+\t(?:[^\t\n]*\t){8}(?:[^\t\n]*\|)?n(?:er|e)(?:_tag)?=(?:o|[biluesmw]-)",
        reads="conll",
    ),
    Sign(
        "CoNLL-U",
        head=r"^\d+(?:-\d+)?\t(?:[^\t\n]*\t){8}[^\t\n]*$",
        out="It has no names (as NER=B-PERSON in its last column). Write word and tag as columns, "
        "and import that with --format conll",
    ),
    _table(","),
    _table(";"),
    Sign("columns of words and tags", head=_TAGGED, reads="conll"),
    Sign(
        "annotations for Amazon Comprehend",
        head=r"\AFile, ?Line, ?Begin Offset, ?End Offset, ?Type",
        out=f"They hold no text. {WRITE}",
    ),
    Sign(
        "a table of Label Studio's",
        head=r"\A[^\n]*\bannotation_id\b[^\n]*",
        out="Export from there as JSON, which holds the offsets.",
    ),
    Sign(
        "the spreadsheet that annotator writes",
        head=r"\Aarticle,title,file,outlet,published,reviewer,review,item",
        out="It can be written, not read; export to another format.",
    ),
    Sign("Rasa's training data", head=r"(?m)\A(?:version:.*\n+)?nlu:\s*$", out=WRITE),
)


def head_sign(head: str) -> Sign | None:
    """What a file is that begins with this text; None where no sign fits."""
    return next((sign for sign in HEAD_SIGNS if re.search(sign.head, head, re.MULTILINE)), None)
