"""Who wrote it and who photographed it, in the many forms that newspapers print it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from strategies import any_text, lines

from index.model import Byline
from index.pages import byline
from index.pages.blocks import FOLD, mask

TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "bylines.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def people_of(form: str, key: str) -> tuple[Byline, ...] | None:
    """The people that a reader of one form finds."""
    if form == "dateline":
        found = byline.dateline(key)
        return found.bylines if found else None
    if form == "signature":
        return byline.signature(key)[1]
    return {"byline": byline.byline, "credit": byline.credit, "author": byline.author}[form](key)


@pytest.mark.parametrize(("printed", "form", "people"), TABLE, ids=[f"{row[1]}-{row[0][:16]}" for row in TABLE])
def test_forms(printed: str, form: str, people: str) -> None:
    """Each printed form gives its people with their roles; what is no byline gives nobody."""
    key = mask(printed).translate(FOLD).strip()
    if form == "none":
        forms = ("dateline", "byline", "credit", "signature", "author")
        assert not any(people_of(other, key) for other in forms)
        return
    want = tuple(Byline(*person.split(" ", 1)) for person in people.split(";") if person)
    assert people_of(form, key) == want


def test_table_is_large() -> None:
    """At least eighty forms are tried."""
    assert len(TABLE) >= 80


def test_dateline_ends_before_the_text() -> None:
    """The running text begins behind the dateline, whether its bracket was closed or not."""
    for key in ("本报讯(记者李明)昨日晴", "本报讯(记者李明 昨日晴", "本报讯 昨日晴"):
        found = byline.dateline(key)
        assert found
        assert key[found.end :] == "昨日晴"


@given(any_text | lines())
def test_readers_never_raise(text: str) -> None:
    """Any text may be asked whether it is a byline."""
    key = text.translate(FOLD)
    for form in ("dateline", "byline", "credit", "signature", "author"):
        people_of(form, key)
    byline.sign_off(key)
