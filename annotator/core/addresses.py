"""Which page a URL names: what tells a revision of an article from another article."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

# What newsletters and social networks append; it names the reader's way, not the page.
_WAY = re.compile(
    r"utm_\w+|(?:fb|g|y|ms|dc)cl(?:id|src)|gclsrc|mc_[ce]id|igshid|cmpid|ocid|smid|ref"
)
# Pages that show another article tomorrow.
_NO_ARTICLE = re.compile(
    r"/?(?:(?:index|home|default|latest|feed|rss|atom|news|world|search)(?:\.\w{2,5})?)?/?",
    re.IGNORECASE,
)
# Longer ones no index takes; their hash tells them apart as well.
_LONGEST = 600
_PORTS = {"http": ":80", "https": ":443"}


def page_of(url: str | None) -> str | None:
    """The page that a URL names, written the same for every way to write it.

    None where it names no one article: no address of the web, a front page, a list, a search.
    """
    try:
        parts = urlsplit((url or "").strip())
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:  # brackets that hold no address
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
