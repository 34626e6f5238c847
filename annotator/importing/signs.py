"""By what the formats of annotation tools are recognised, and the way out of those not read here.

Over 400 lines because it is one table: what a format is called, what shows it, and which of ours
reads it or what else to do. The
first sign that fits decides, so that the more telling ones stand first. A sign of a format that is
not read must fit all of a file's first values; of one that is, one of them: what a mixed file holds
besides is refused line by line by whoever reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from annotator.importing.shapes import ABSENT, ANY, EMPTY, SOME, fits, row


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` is the format's with its tool; `shape` what a value of such a file looks like, `head`
    what its beginning does, where it is no JSON; `reads` our name of the format, if it is read;
    else `out` is what to do instead, `FILE` standing for the file."""

    name: str
    shape: Any = None
    head: str = ""
    reads: str | None = None
    out: str = ""


_LINES = 'one line {"text": ..., "entities": [[start, end, label], ...]} for each text'
_WRITE = f"Write {_LINES}."
_ADD = "The texts alone are taken in by: annotator add FILE"
_BRAT_OR_CONLL = "Export from there as brat or as CoNLL 2003 (2002), which are read"
_OF_TEXT = (
    str,
    int,
    float,
    [str],
    [int],
    [{"label": (int, str), "user": ANY, "start_offset": ABSENT}],
)
_UNLABELLED = (ABSENT, EMPTY, [{"label": ABSENT}])
_PRODIGYS = ("_task_hash", "_input_hash", "_view_id", "answer")


_EACH = 'if type == "array" then .[] else . end'


def _jq(program: str) -> str:
    return f"Make lines of it that are read: jq -c '{_EACH} | {program}' FILE > offsets.jsonl"


def _columns(words: str) -> str:
    tags = ".ner_tags // .tags // .labels // .ner"
    program = f'{_EACH} | ([{words}, ({tags})] | transpose[] | @tsv), ""'
    return (
        f"Write them as columns: jq -r '{program}' FILE > FILE.conll (where tags are numbers, "
        "their names must take their places)"
    )


JSON_SIGNS = (
    # Training data of libraries.
    Sign(
        "spaCy 2's training data",
        {"paragraphs": [{"sentences": []}]},
        out="Convert it, and import what comes out: python -m spacy convert FILE . --converter "
        "json",
    ),
    Sign(
        "the NER annotator's file of classes and texts",
        {"classes": [], "annotations": (EMPTY, [row(str, {"entities": []})])},
        reads="offsets",
    ),
    Sign(
        "GLiNER's training data",
        {"tokenized_text": [str], "ner": []},
        out=f"{_WRITE} Its spans count words, ours characters.",
    ),
    Sign(
        "a DyGIE or SciERC document",
        {"sentences": [[str]], "ner": []},
        out=f"{_WRITE} Its spans count words, ours characters.",
    ),
    Sign(
        "tokens with tags, as in data sets of Hugging Face",
        (
            {"tokens": [str], "text": ABSENT},
            {"tokens": [str], ("ner_tags", "tags", "labels", "ner"): [(int, str)]},
        ),
        out=_columns(".tokens"),
    ),
    Sign(
        "tokens with tags",
        {"words": [str], ("ner", "ner_tags", "tags", "labels"): []},
        out=_columns(".words"),
    ),
    # Tools with texts of their own.
    Sign(
        "Argilla's records",
        ({"fields": dict, "responses": ANY}, {"fields": dict, "suggestions": ANY}),
        out="Take the records by dataset.records.to_list(flatten=True), and w" + _WRITE[1:],
    ),
    Sign(
        "Argilla's or Rubrix's token classification",
        {"text": str, "tokens": [str], ("annotation", "prediction"): ANY},
        out='There, rg.load(NAME).prepare_for_training(framework="spacy") makes a DocBin: save it '
        "by to_disk as a .spacy file, which is read",
    ),
    Sign(
        "Argilla's or Rubrix's text classification",
        {("annotation", "prediction"): ANY, "annotation_agent": ANY},
        out=f"It labels whole texts. {_ADD}",
    ),
    Sign(
        "UIMA's CAS as JSON, as INCEpTION exports it",
        ({"%FEATURE_STRUCTURES": ANY}, {"_context": dict, ("_views", "_referenced_fss"): ANY}),
        out=f"{_BRAT_OR_CONLL}.",
    ),
    Sign(
        "GATE's JSON",
        ({"text": str, "entities": {SOME: [{"indices": []}]}}, {"annotation_sets": dict}),
        out=_jq(
            "{text, entities: [.entities | to_entries[] | .key as $l | .value[] | "
            "[.indices[0], .indices[1], $l]]}"
        ),
    ),
    Sign(
        "brat's JSON, of what its pages show",
        {"text": str, "entities": [row(str, str, [[]])]},
        out="Import the folder with the .txt and .ann files that brat keeps.",
    ),
    Sign(
        "tagtog's ann.json",
        {"annotatable": dict},
        out=f"It holds no text. Download from there as entitiestsv, or w{_WRITE[1:]}",
    ),
    Sign(
        "LightTag's export",
        (
            {"examples": [{"content": str}]},
            {"content": str, "annotations": [{("tag", "tag_id"): ANY}]},
        ),
        out=_jq(
            "(.examples? // [.])[] | {text: .content, entities: [.annotations[] | "
            "[.start, .end, .tag]]}"
        ),
    ),
    Sign(
        "a manifest of SageMaker Ground Truth, as Amazon Comprehend has it",
        ({SOME: {"annotations": {"entities": []}}}, {"source-ref": str}),
        out=_jq(
            "{text: .source, entities: [.[] | objects | .annotations.entities? // empty | .[] | "
            "[.startOffset, .endOffset, .label]]}"
        ),
    ),
    Sign(
        "an answer of Amazon Comprehend",
        {"Entities": [{"BeginOffset": int}]},
        out=f"It holds no text. {_WRITE}",
    ),
    Sign(
        "Google's AutoML data",
        (
            {"annotations": [{"text_extraction": dict}]},
            {"text_snippet": dict},
            {"textSnippet": dict},
        ),
        out=_jq(
            "{text: .text_snippet.content, entities: [.annotations[] | "
            "[.text_extraction.text_segment.start_offset // 0, "
            ".text_extraction.text_segment.end_offset, .display_name]]}"
        ),
    ),
    Sign(
        "Google's Vertex AI data",
        {"textSegmentAnnotations": []},
        out=_jq(
            "{text: .textContent, entities: [.textSegmentAnnotations[] | "
            "[.startOffset // 0, .endOffset, .displayName]]}"
        ),
    ),
    Sign(
        "a project of Azure's Language Studio or LUIS",
        ({"projectFileVersion": ANY}, {"luis_schema_version": ANY}),
        out=f"Its offsets have lengths, not ends. {_WRITE}",
    ),
    Sign(
        "Rasa's training data",
        {"rasa_nlu_data": dict},
        out=_jq(
            ".rasa_nlu_data.common_examples[] | {text, entities: [.entities[]? | "
            "[.start, .end, .entity]]}"
        ),
    ),
    Sign(
        "a document of IBM Watson Knowledge Studio",
        {"text": str, "mentions": [{"begin": int, "end": int}]},
        out=_jq("{text, entities: [.mentions[] | [.begin, .end, .type]]}"),
    ),
    Sign(
        "an answer of IBM Watson's Natural Language Understanding",
        {"entities": [{"mentions": [{"location": []}]}]},
        out=f"It holds no text. {_WRITE}",
    ),
    Sign(
        "Datasaur's schema",
        ({"labelSets": []}, {"data": {("labelSets", "spanLabels", "rowLabels"): ANY}}),
        out="Export from there as .tsv (IOB), and import that with --format conll",
    ),
    Sign(
        "UBIAI's export",
        {"document": str, "tokens": []},
        out=_jq("{text: .document, entities: [.tokens[] | [.start, .end, .entityLabel]]}"),
    ),
    Sign(
        "Labelbox's export",
        ({"data_row": dict}, {"Labeled Data": ANY, "Label": ANY}),
        out=f"{_WRITE} Its ends may be those of the last letter.",
    ),
    Sign("SuperAnnotate's export", {"instances": [], "metadata": dict}, out=_WRITE),
    Sign("Kili's export", {"labels": [{"jsonResponse": ANY}]}, out=_WRITE),
    Sign(
        "labelbuddy's export",
        {"text": str, "annotations": [{"start_char": int, "end_char": int}]},
        out=_jq("{text, entities: [.annotations[] | [.start_char, .end_char, .label_name]]}"),
    ),
    Sign(
        "MedCAT's export",
        {"projects": [{"documents": [{"annotations": []}]}]},
        out=_jq(
            ".projects[].documents[] | {text, entities: [.annotations[] | [.start, .end, .cui]]}"
        ),
    ),
    Sign(
        "PubAnnotation's JSON",
        {"text": str, "denotations": []},
        out=_jq("{text, entities: [.denotations[] | [.span.begin, .span.end, .obj]]}"),
    ),
    Sign("BioC's JSON", {"documents": [{"passages": []}]}, out=_WRITE),
    Sign(
        "Stanford CoreNLP's JSON",
        {"sentences": [{"tokens": [{"originalText": str}]}]},
        out=f"It holds no text. {_WRITE}",
    ),
    Sign("Web Annotations", {"body": ANY, "target": (str, dict, [])}, out=_WRITE),
    Sign(
        "names by label and words, as CLUENER has them",
        {"text": str, "label": {SOME: {SOME: [[]]}}},
        out=_jq(
            "{text, entities: [.label | to_entries[] | .key as $l | .value[][] | "
            "[.[0], .[1] + 1, $l]]}"
        ),
    ),
    Sign(
        "Quotebank's quotations",
        {("quoteID", "quoteId", "quote_id"): ANY, "quotation": str},
        out="They are words without the texts that they stand in.",
    ),
    Sign(
        "patterns for Prodigy or spaCy's entity ruler",
        {"label": str, "pattern": (str, [])},
        out="They are rules, and hold no texts.",
    ),
    Sign("SQuAD's questions", {"data": [{"paragraphs": []}]}, out=_WRITE),
    Sign("chats", {"messages": [{"role": str}]}, out=_WRITE),
    Sign(
        "answers of a pipeline of Hugging Face",
        {("entity", "entity_group"): str, ("word", "start"): ANY, "text": ABSENT},
        out=f"They hold no text. {_WRITE}",
    ),
    # Label Studio: tasks, and its short form, in which results stand beside the text.
    Sign("Label Studio's tasks", {"data": dict}, reads="label-studio"),
    Sign("Label Studio's short form", {"annotation_id": ANY}, reads="label-studio"),
    Sign("Label Studio's short form", {SOME: [{"labels": []}]}, reads="label-studio"),
    # spaCy's pairs, and `Doc.to_json()`, which has tokens too, and its spans by group.
    Sign(
        "spaCy's text classification",
        row(str, {"cats": ANY, "entities": ABSENT, "spans": ABSENT}),
        out=f"It labels whole texts. {_ADD}",
    ),
    Sign("spaCy's pairs of a text and its entities", row(str, dict), reads="offsets"),
    Sign(
        "spaCy's JSON of a Doc",
        ({"ents": ANY}, {"spans": dict, _PRODIGYS: ABSENT}),
        reads="offsets",
    ),
    # Prodigy's tasks; those without spans of a text only where nothing else is in the file.
    Sign(
        "tasks of Prodigy that show pictures, sounds or films",
        {"text": ABSENT, ("image", "audio", "video"): ANY},
        out="They have no text.",
    ),
    Sign(
        "Prodigy's comparisons of two answers",
        {"text": ABSENT, "accept": dict, "reject": dict},
        out="They say which of two answers is better, and nothing of a text.",
    ),
    Sign(
        "Prodigy's text classification",
        {_PRODIGYS: ANY, "text": str, "label": str, "spans": _UNLABELLED},
        out=f"It labels whole texts. {_ADD}",
    ),
    Sign(
        "Prodigy's choices between options",
        {_PRODIGYS: ANY, "text": str, "options": [], "spans": _UNLABELLED},
        out=f"It labels whole texts. {_ADD}",
    ),
    Sign(
        "Prodigy's tasks",
        (
            {("_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id"): ANY},
            {("tokens", "spans"): []},
            {"text": str, "answer": ("accept", "reject", "ignore")},
        ),
        reads="prodigy",
    ),
    # Texts with offsets; doccano's old exports call them annotations.
    Sign(
        "doccano's text classification",
        {
            "text": str,
            ("label", "labels", "annotations", "cats"): _OF_TEXT,
            ("entities", "relations"): ABSENT,
        },
        out=f"It labels whole texts. {_ADD}",
    ),
    Sign(
        "doccano's texts for texts",
        {"text": str, "annotations": [{"text": str, "start_offset": ABSENT, "start": ABSENT}]},
        out=f"They are other texts, and mark nothing. {_ADD}",
    ),
    Sign(
        "texts with offsets",
        {("text", "data"): str, ("entities", "label", "labels", "annotations"): ([], dict, None)},
        reads="offsets",
    ),
    # doccano has relations too, but beside entities.
    Sign("Prodigy's tasks", {"text": str, "relations": []}, reads="prodigy"),
)

# Two lines at least: prose may end in something like a tag, as in a B-52.
_TAGGED = r"(?:^(?!#)\S+(?:[ \t]+\S+)*?[ \t]+(?:O|[BILUES]-\S+)[ \t]*\r?\n?$\n?){2}"
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
        out=f"{_BRAT_OR_CONLL}.",
    ),
    Sign(
        "WebAnno's TSV, as INCEpTION exports it",
        head=r"\A#FORMAT=WebAnno TSV",
        out=f"{_BRAT_OR_CONLL}.",
    ),
    Sign(
        "GATE's XML",
        head=r"<GateDocument\b",
        out=f"Save it from there as inline XML or JSON, and w{_WRITE[1:]}",
    ),
    Sign("BioC's XML", head=r"(?i)<!DOCTYPE collection|BioC\.dtd", out=_WRITE),
    Sign("TEI", head=r"<TEI\b|<teiHeader\b", out=_WRITE),
    Sign("NAF or KAF", head=r"<(?:NAF|KAF)\b", out=_WRITE),
    Sign("ACE's annotation", head=r"<source_file\b", out=_WRITE),
    Sign("a web page", head=r"(?i)\A\s*(?:<!doctype html|<html)", out=_ADD),
    Sign("XML of a kind that is not known", head=r"\A\s*<\?xml\b", out=_WRITE),
    Sign("a PDF file", head=r"\A%PDF-", out=_ADD),
    Sign(
        "YEDDA's annotation, which stands within the text",
        head=r"\[[@$][^\[\]\n]+#[^\[\]#\n]+\*\]",
        out="Export from there as a sequence of tags (Export), and import that with --format conll",
    ),
    Sign("OpenNLP's training data", head=r"<START:[^>\s]+> .*<END>", out=_WRITE),
    Sign("PubTator's format", head=r"^\d+\|[ta]\|", out=_WRITE),
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
    Sign("columns of words and tags", head=_TAGGED, reads="conll"),
    Sign(
        "annotations for Amazon Comprehend",
        head=r"\AFile, ?Line, ?Begin Offset, ?End Offset, ?Type",
        out=f"They hold no text. {_WRITE}",
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
    Sign("Rasa's training data", head=r"(?m)\A(?:version:.*\n+)?nlu:\s*$", out=_WRITE),
)


def json_sign(values: list[Any]) -> Sign | None:
    """What a file is whose first values are these; None where no sign fits."""
    for sign in JSON_SIGNS:
        enough = any if sign.reads else all
        if values and enough(fits(value, sign.shape) for value in values):
            return sign
    return None


def head_sign(head: str) -> Sign | None:
    """What a file is that begins with this text; None where no sign fits."""
    return next((sign for sign in HEAD_SIGNS if re.search(sign.head, head, re.MULTILINE)), None)
