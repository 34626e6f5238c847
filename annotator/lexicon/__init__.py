"""The lexicon of attribution and the table of junk signs, for the pipeline and the reviewer's keys.

`cues.py` reads `cues.json`, the verbs, nouns and adverbs that attribute. `junk_signs.py` reads
`junk.toml`, patterns of lines that do not belong to the article. `word_lists.py` holds short lists:
months and weekdays, titles, auxiliaries. It uses only the standard library; the two tables are read
from the package on first use.
"""
