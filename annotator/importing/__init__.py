"""Other people's files into the store: as somebody's finished reviews, or as suggestions.

`detecting` says what a file is, by `sign_tables`; `reading` what it holds, `label_mapping` what its
labels are called here; `import_batches` does it.
"""
