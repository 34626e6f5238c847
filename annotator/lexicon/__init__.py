"""Words and what they tell, for the pipeline and for the keys of the reviewer.

`cues.py` reads `cues.json`: the verbs, nouns and adverbs that attribute. `junk_signs.py` reads
`junk.toml`: what lines that are not the article look like. `word_lists.py` holds the short lists:
months and weekdays, titles, auxiliaries. Everything is standard library, and the two tables are
read once from the package, when the first caller asks for them.
"""
