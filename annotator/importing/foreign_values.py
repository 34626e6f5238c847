"""The table of signs of unsupported JSON files, each with a hint.

Signs of unsupported files of a supported tool are in the module of its format.
"""

from __future__ import annotations

from annotator.formats.shapes import ABSENT, ANY, SOME, row
from annotator.formats.signs import WRITE, Sign

_EACH = 'if type == "array" then .[] else . end'


def _jq(program: str) -> str:
    return f"Convert it: jq -c '{_EACH} | {program}' FILE > offsets.jsonl"


def _columns(words: str) -> str:
    tags = ".ner_tags // .tags // .labels // .ner"
    program = f'{_EACH} | ([{words}, ({tags})] | transpose[] | @tsv), ""'
    return (
        f"Write them as columns: jq -r '{program}' FILE > FILE.conll (where tags are numbers, "
        "replace them by their names)"
    )


FOREIGN_VALUES = (
    # Training data of libraries.
    Sign(
        "GLiNER's training data",
        {"tokenized_text": [str], "ner": []},
        out=f"{WRITE} Its spans count words, not characters.",
    ),
    Sign(
        "a DyGIE or SciERC document",
        {"sentences": [[str]], "ner": []},
        out=f"{WRITE} Its spans count words, not characters.",
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
        "UIMA's CAS as the JSON of older versions",
        {"_context": dict, ("_views", "_referenced_fss"): ANY},
        out="Export from there as UIMA CAS JSON 0.4 or as UIMA CAS XMI, which are read.",
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
        out=f"It contains no text. Download from there as entitiestsv, or w{WRITE[1:]}",
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
        out=f"It contains no text. {WRITE}",
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
        out=f"It contains no text. {WRITE}",
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
        out=f"{WRITE} Its ends may be inclusive.",
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
        out=f"It contains no text. {WRITE}",
    ),
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
        out="They are words without their texts.",
    ),
    Sign(
        "patterns for Prodigy or spaCy's entity ruler",
        {"label": str, "pattern": (str, [])},
        out="They are rules and contain no texts.",
    ),
    Sign("SQuAD's questions", {"data": [{"paragraphs": []}]}, out=WRITE),
    Sign("chats", {"messages": [{"role": str}]}, out=WRITE),
    Sign(
        "answers of a pipeline of Hugging Face",
        {("entity", "entity_group"): str, ("word", "start"): ANY, "text": ABSENT},
        out=f"They contain no text. {WRITE}",
    ),
)
