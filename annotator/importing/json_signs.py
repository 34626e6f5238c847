"""By what files of JSON of other tools are recognised: one table, and a look into it."""

from __future__ import annotations

from typing import Any

from annotator.importing.shapes import ABSENT, ANY, EMPTY, SOME, fits, row
from annotator.importing.signs import ADD, BRAT_OR_CONLL, WRITE, Sign

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
        out=f"{WRITE} Its spans count words, ours characters.",
    ),
    Sign(
        "a DyGIE or SciERC document",
        {"sentences": [[str]], "ner": []},
        out=f"{WRITE} Its spans count words, ours characters.",
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
        out="Take the records by dataset.records.to_list(flatten=True), and w" + WRITE[1:],
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
        out=f"It labels whole texts. {ADD}",
    ),
    Sign(
        "UIMA's CAS as JSON, as INCEpTION exports it",
        ({"%FEATURE_STRUCTURES": ANY}, {"_context": dict, ("_views", "_referenced_fss"): ANY}),
        out=f"{BRAT_OR_CONLL}.",
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
        out=f"It holds no text. Download from there as entitiestsv, or w{WRITE[1:]}",
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
        out=f"It holds no text. {WRITE}",
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
        out=f"Its offsets have lengths, not ends. {WRITE}",
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
        out=f"It holds no text. {WRITE}",
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
        out=f"{WRITE} Its ends may be those of the last letter.",
    ),
    Sign("SuperAnnotate's export", {"instances": [], "metadata": dict}, out=WRITE),
    Sign("Kili's export", {"labels": [{"jsonResponse": ANY}]}, out=WRITE),
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
    Sign("BioC's JSON", {"documents": [{"passages": []}]}, out=WRITE),
    Sign(
        "Stanford CoreNLP's JSON",
        {"sentences": [{"tokens": [{"originalText": str}]}]},
        out=f"It holds no text. {WRITE}",
    ),
    Sign("Web Annotations", {"body": ANY, "target": (str, dict, [])}, out=WRITE),
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
    Sign("SQuAD's questions", {"data": [{"paragraphs": []}]}, out=WRITE),
    Sign("chats", {"messages": [{"role": str}]}, out=WRITE),
    Sign(
        "answers of a pipeline of Hugging Face",
        {("entity", "entity_group"): str, ("word", "start"): ANY, "text": ABSENT},
        out=f"They hold no text. {WRITE}",
    ),
    # Label Studio: tasks, and its short form, in which results stand beside the text.
    Sign("Label Studio's tasks", {"data": dict}, reads="label-studio"),
    Sign("Label Studio's short form", {"annotation_id": ANY}, reads="label-studio"),
    Sign("Label Studio's short form", {SOME: [{"labels": []}]}, reads="label-studio"),
    # spaCy's pairs, and `Doc.to_json()`, which has tokens too, and its spans by group.
    Sign(
        "spaCy's text classification",
        row(str, {"cats": ANY, "entities": ABSENT, "spans": ABSENT}),
        out=f"It labels whole texts. {ADD}",
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
        out=f"It labels whole texts. {ADD}",
    ),
    Sign(
        "Prodigy's choices between options",
        {_PRODIGYS: ANY, "text": str, "options": [], "spans": _UNLABELLED},
        out=f"It labels whole texts. {ADD}",
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
        out=f"It labels whole texts. {ADD}",
    ),
    Sign(
        "doccano's texts for texts",
        {"text": str, "annotations": [{"text": str, "start_offset": ABSENT, "start": ABSENT}]},
        out=f"They are other texts, and mark nothing. {ADD}",
    ),
    Sign(
        "texts with offsets",
        {("text", "data"): str, ("entities", "label", "labels", "annotations"): ([], dict, None)},
        reads="offsets",
    ),
    # doccano has relations too, but beside entities.
    Sign("Prodigy's tasks", {"text": str, "relations": []}, reads="prodigy"),
)


def json_sign(values: list[Any]) -> Sign | None:
    """What a file is whose first values are these; None where no sign fits."""
    for sign in JSON_SIGNS:
        enough = any if sign.reads else all
        if values and enough(fits(value, sign.shape) for value in values):
            return sign
    return None
