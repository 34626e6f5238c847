"""Imports files of other tools into the store, as finished reviews or as suggestions.

`detecting` recognises the format, using `sign_tables`; `reading` reads the records, `label_mapping`
maps their labels, and `import_batches` stores them.
"""
