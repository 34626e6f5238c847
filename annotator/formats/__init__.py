"""Export and import formats, one module or package each."""

from __future__ import annotations

from importlib import import_module

from annotator.errors import ExportError
from annotator.formats.base import Format

# Names for `--format` and the module with `FORMAT`, imported on first use.
FORMATS = {
    "jsonl": "jsonl",
    "spacy": "docbin",
    "conll": "conll.conll_out",
    "brat": "brat.brat_out",
    "hf": "hf",
    "prodigy": "prodigy.prodigy_out",
    "label-studio": "label_studio.label_studio_out",
    "csv": "spreadsheet",
    "offsets": "offsets",
    "doccano": "doccano",
    "web-annotation": "web_annotation.web_annotation_out",
    "uima": "uima.uima_out",
    "tei": "tei.tei_out",
    "webanno-tsv": "webanno_tsv.webanno_tsv_in",
    "spacy-json": "spacy_json.spacy_json_in",
    "argilla": "argilla.argilla_in",
}


def format_named(name: str) -> Format:
    """The format with this name; raises ExportError, listing the known names, if there is none."""
    if name not in FORMATS:
        raise ExportError(f"Unknown format {name!r}.", hint=f"Use one of {', '.join(FORMATS)}.")
    found = import_module(f"annotator.formats.{FORMATS[name]}").FORMAT
    assert isinstance(found, Format)
    return found
