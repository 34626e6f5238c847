"""The table of signs of unsupported files other than JSON, each with a hint."""

from __future__ import annotations

from annotator.formats.signs import ADD, WRITE, Sign, Strength

FOREIGN_HEADS = (
    Sign("a ZIP archive", head=r"\APK\x03\x04", out="Unpack it and import its contents."),
    Sign("a gzip file", head=r"\A\x1f", out="Unpack it (gunzip FILE) and import its contents."),
    Sign(
        "a SQLite database",
        head=r"\ASQLite format 3",
        out="If it is Prodigy's: prodigy db-out DATASET > tasks.jsonl; import that.",
    ),
    Sign(
        "WebAnno's TSV of an older version",
        head=r"\A(?:#FORMAT=WebAnno TSV (?!3\b)|\s*# (?:de\.tudarmstadt|webanno\.custom)\.\S+ \|"
        r"|#id=\d+\n#text=)",
        out="Import it into INCEpTION or WebAnno 3, and export it from there as WebAnno TSV v3 or "
        "as UIMA CAS JSON, which are read.",
    ),
    Sign(
        "GATE's XML",
        head=r"<GateDocument\b",
        out=f"Save it from there as inline XML or JSON, and w{WRITE[1:]}",
    ),
    Sign("BioC's XML", head=r"(?i)<!DOCTYPE collection|BioC\.dtd", out=WRITE),
    Sign("NAF or KAF", head=r"<(?:NAF|KAF)\b", out=WRITE),
    Sign("ACE's annotation", head=r"<source_file\b", out=WRITE),
    Sign("a web page", head=r"(?i)\A\s*(?:<!doctype html|<html)", out=ADD),
    Sign("XML of an unknown kind", head=r"\A\s*<\?xml\b", out=WRITE),
    Sign("a PDF file", head=r"\A%PDF-", out=ADD),
    Sign(
        "YEDDA's annotation, which is within the text",
        head=r"\[[@$][^\[\]\n]+#[^\[\]#\n]+\*\]",
        out="Export from there as a sequence of tags (Export), and import that with --format conll",
    ),
    Sign("OpenNLP's training data", head=r"<START:[^>\s]+> .*<END>", out=WRITE),
    Sign("PubTator's format", head=r"^\d+\|[ta]\|", out=WRITE),
    Sign(
        "annotations for Amazon Comprehend",
        head=r"\AFile, ?Line, ?Begin Offset, ?End Offset, ?Type",
        out=f"They contain no text. {WRITE}",
        strength=Strength.SHAPE,
    ),
    Sign(
        "Rasa's training data",
        head=r"(?m)\A(?:version:.*\n+)?nlu:\s*$",
        out=WRITE,
        strength=Strength.SHAPE,
    ),
)
