"""Canonical page of a URL, which tells a revision of an article from another article."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

# Tracking parameters; they identify the reader, not the page.
_WAY = re.compile(
    r"utm_\w+|(?:fb|g|y|ms|dc)cl(?:id|src)|gclsrc|mc_[ce]id|igshid|cmpid|ocid|smid|ref"
)
# Pages whose content changes: front pages, lists, searches.
_NO_ARTICLE = re.compile(
    r"/?(?:(?:index|home|default|latest|feed|rss|atom|news|world|search)(?:\.\w{2,5})?)?/?",
    re.IGNORECASE,
)
# Longer URLs do not fit into an index; their hash is used instead.
_LONGEST = 600
_PORTS = {"http": ":80", "https": ":443"}


def page_of(url: str | None) -> str | None:
    """The page that a URL names, in canonical form.

    None if it does not name an article: not a web address, a front page, a list, a search.
    """
    try:
        parts = urlsplit((url or "").strip())
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:  # invalid IPv6 brackets
        return None
    if parts.scheme.lower() not in _PORTS or not host:
        return None
    host = host.removesuffix(_PORTS[parts.scheme.lower()]).removeprefix("www.")
    query = urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _WAY.fullmatch(name.lower())
        )
    )
    if not query and _NO_ARTICLE.fullmatch(parts.path):
        return None
    path = parts.path.rstrip("/")
    page = f"{host}{path}?{query}" if query else f"{host}{path}"
    return page if len(page) <= _LONGEST else sha256(page.encode()).hexdigest()
