"""What a generation of the index holds, and of which files."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from index.model import Correction
from index.neighbours import Said


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A page file as it was when it was read.

    ``digest`` is the sha256 of its bytes, empty if they could not be read; ``stamp`` its size and time of
    change. ``kinds`` and ``newspapers`` count the articles it gave, ``days`` are the first and the last day of
    these (ISO 8601), if any is dated; ``undated`` and ``unnumbered`` count those without a day, and without a page
    number. ``notes`` are doubts about it; ``failure`` is the reason why it could not be read. ``issues`` are the
    issues that its pages are of, and whether articles on them say that they go on on another page.
    ``settings`` is a digest of what the operator says about the file, ``companions`` one of what lies beside it and is
    read with it; empty if nothing. ``pages`` are what its pages say of themselves, ``neighbours`` is what they have
    taken from others. ``pictures`` are those that the pages of a site name, with size and time of change, for their
    size tells where on them articles stand.
    """

    digest: str
    stamp: tuple[int, int]
    kinds: dict[str, int]
    newspapers: dict[str, int] = dataclasses.field(default_factory=dict)
    days: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    failure: str | None = None
    undated: int = 0
    unnumbered: int = 0
    issues: dict[str, bool] = dataclasses.field(default_factory=dict)
    settings: str = ""
    companions: str = ""
    pages: tuple[Said, ...] = ()
    neighbours: str = ""
    pictures: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An article of a file that the index would not take, and why."""

    file: str
    title: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    ``fingerprint`` is of what decides the terms of a text, ``code`` of all that decides which articles a
    file gives. ``created`` is the time of the run's start, in seconds since 1970; ``root`` the absolute path of the
    folder that the names of files are relative to, empty if they have none in common. ``corrections`` are the
    operator's, by article, ``stale`` the notes on those of articles that are not there. ``checksums`` are the CRC-32 of
    the index files.
    """

    generation: str
    created: float
    schema_version: int
    fingerprint: str
    code: str
    sources: dict[str, SourceFile]
    root: str = ""
    corrections: dict[str, tuple[Correction, ...]] = dataclasses.field(default_factory=dict)
    stale: tuple[str, ...] = ()
    checksums: dict[str, int] = dataclasses.field(default_factory=dict)

    @property
    def articles(self) -> int:
        """How many articles there are, of all kinds."""
        return sum(sum(source.kinds.values()) for source in self.sources.values())

    @property
    def newspapers(self) -> dict[str, int]:
        """How many articles each newspaper has, most first; those of unknown newspapers are left out."""
        counts: Counter[str] = Counter()
        for source in self.sources.values():
            counts.update(source.newspapers)
        return dict(counts.most_common())

    @property
    def days(self) -> tuple[str, str] | None:
        """The first and the last day of all articles (ISO 8601), if any is dated."""
        days = [day for source in self.sources.values() for day in source.days or ()]
        return (min(days), max(days)) if days else None

    @property
    def failed(self) -> dict[str, str]:
        """The files that could not be read, with the reason."""
        return {name: source.failure for name, source in self.sources.items() if source.failure}


def without(sources: dict[str, SourceFile], rejected: Iterable[Rejected]) -> dict[str, SourceFile]:
    """What is known of files, less the articles that the index has rejected: such a file has failed."""
    known = dict(sources)
    for each in rejected:
        source = known[each.file]
        known[each.file] = dataclasses.replace(
            source,
            kinds=dict(Counter(source.kinds) - Counter([each.kind])),
            failure=f"《{each.title}》没有写入索引：{each.reason}",
        )
    return known


def dump(manifest: Manifest) -> str:
    """A manifest as JSON; each source is the list of its values, for there may be many."""
    return json.dumps(
        {name: getattr(manifest, name) for name in Manifest.__slots__},
        ensure_ascii=False,
        default=lambda value: [getattr(value, name) for name in type(value).__slots__],
    )


def load(text: str) -> Manifest:
    """The manifest that ``dump`` wrote.

    Raises:
        ValueError: another version of the program wrote it.
    """
    try:
        fields = json.loads(text)
        sources = {name: _source(*values) for name, values in fields.pop("sources").items()}
        corrections = {
            name: tuple(Correction(*pair) for pair in pairs) for name, pairs in fields.pop("corrections").items()
        }
        stale = tuple(fields.pop("stale"))
        return Manifest(sources=sources, corrections=corrections, stale=stale, **fields)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("unknown manifest") from error


def _source(
    digest: str, stamp: list[int], kinds: dict[str, int], newspapers: dict[str, int],
    days: list[str] | None, notes: list[str], failure: str | None, undated: int, unnumbered: int,
    issues: dict[str, bool], settings: str, companions: str, pages: list[list[str | None]], neighbours: str,
    pictures: dict[str, list[int]],
) -> SourceFile:
    size, changed = stamp
    period = (days[0], days[-1]) if days else None
    return SourceFile(
        digest, (size, changed), kinds, newspapers, period, tuple(notes), failure, undated, unnumbered, issues,
        settings, companions, tuple(Said(*page) for page in pages), neighbours,
        {name: (size, changed) for name, (size, changed) in pictures.items()},
    )
