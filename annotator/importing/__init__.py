"""Other people's files into the store: as somebody's finished reviews, or as suggestions.

`detecting` says what a file is, `reading` what it holds, `naming` what its labels are called here,
`bringing_in` does it.
"""
