"""Hypothesis strategies for texts that are difficult for a terminal."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = [
    "word",
    "a",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "“quoted,”",
    "—",
    "é",
    "e\u0301",
    "\u0301",
    "o\u0302\u0323\u0331",
    "漢字",
    "한국",
    "\u1112\u1161\u11ab",
    "हिन्दी",
    "שלום",
    "مرحبا",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u061c",
    "\u200b",
    "\ufeff",
    "\u00ad",
    "👨\u200d👩\u200d👧",
    "👍\U0001f3fd",
    "\U0001f3fd",
    "🇩🇪",
    "🇫",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "क\u094d\u200dष",
    "\u200d",
    "\u200dx",
    "\x00",
    "\x1b",
    "\x1b[31m",
    "\x9b",
    "\u2028",
    "\u3164",
    "\ud800",
    "\uffff",
    "averyveryverylongwordwithoutanyblank",
]
texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.characters(), st.text(max_size=4)), max_size=60
).map("".join)
