"""Saved pages of e-paper sites, and any other HTML."""

from index.formats.html.reading import read_pages

__all__ = ["read_pages"]
