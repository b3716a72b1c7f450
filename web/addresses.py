"""Addresses of what the archive holds, the same from every page and endpoint."""

from __future__ import annotations

from urllib.parse import quote

from search.issues import Issue
from web.converters import escaped

API = "/api/v1"
"""Where the endpoint lies."""


def article_url(article_id: str) -> str:
    """The web page of an article."""
    return f"/articles/{quote(article_id, safe='')}"


def article_api_url(article_id: str) -> str:
    """The JSON of an article."""
    return f"{API}/articles/{quote(article_id, safe='')}"


def scan_url(article_id: str) -> str:
    """The picture or PDF of the page that an article stands on."""
    return f"/scans/{quote(article_id, safe='')}"


def issue_url(issue: Issue) -> str:
    """The web page of an issue."""
    return f"/issues/{quote(escaped(issue.newspaper or ''), safe='')}/{quote(escaped(issue.edition), safe='')}"


def absolute(root: str, url: str) -> str:
    """An address with the site's own before it; ``root`` ends with a slash."""
    return root + url.removeprefix("/")
