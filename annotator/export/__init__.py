"""Writes finished reviews as records to files; each file is replaced completely or not at all."""

from annotator.export.finished import FinishedWriter, file_name
from annotator.export.outputs import write_jsonl
from annotator.export.records import records

__all__ = ["FinishedWriter", "file_name", "records", "write_jsonl"]
