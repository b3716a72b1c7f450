"""``archive.toml``: what an operator says about the pages of a folder, so that no file has to be renamed.

    newspaper = "砚江工人报"
    paths = ["{year}/{month}{day}/{page}", "第{issue}期/*{page}版"]
    scans = "扫描"
    [sections]
    1 = "要闻"

It speaks for the page files of its folder and of those below that have none of their own, and counts more than what
stands on a page. A pattern describes the end of a path, below the sidecar's folder and without the file's ending;
``*`` stands for anything within a name.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from index import scans
from index.errors import SidecarError, UnreadableFileError, reason
from index.files import PageFile, decode
from index.model import Article, Page, PageMetadata, Scan
from index.pages.page import identified, missing
from index.schema import page_number

NAME = "archive.toml"

Said = TypeVar("Said", Article, PageMetadata)

_PLACEHOLDERS = {
    "year": r"\d{4}", "month": r"\d{1,2}", "day": r"\d{1,2}", "page": r"[A-Za-z]?\d{1,3}",
    "issue": r"\d{1,6}", "section": r"[^/]+?", "newspaper": r"[^/]+?",
}
_PART = re.compile(r"\{([^{}]*)\}|(\*)|([^{*]+|.)")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What an ``archive.toml`` says; ``sections`` by page number in the form of ``page_number``."""

    folder: Path
    newspaper: str | None = None
    paths: tuple[re.Pattern[str], ...] = ()
    sections: dict[str, str] = field(default_factory=dict)
    scans: str | None = None

    def metadata(self, path: Path) -> PageMetadata:
        """What is known of a page file below the sidecar's folder."""
        said = self._matched(path)
        page = said.get("page")
        return PageMetadata(
            newspaper=said.get("newspaper") or self.newspaper,
            issue_no=said.get("issue"),
            date=_date(said),
            page_no=page,
            section=said.get("section"),
        )

    def section(self, page_no: str | None) -> str | None:
        """The name of the section on a page."""
        return self.sections.get(page_number(page_no)) if page_no else None

    def scan(self, file: PageFile) -> Scan | None:
        """The picture of a page file in the folder of the scans: on the same path there, or of the same name."""
        for picture in self.scan_places(file):
            if found := scans.beside(picture, file.name):
                there = os.path.relpath(picture.with_name(Path(found.file).name), file.path.parent)
                return scans.named(there.replace(os.sep, "/"), file.name)
        return None

    def scan_places(self, file: PageFile) -> tuple[Path, ...]:
        """Where the scan of a page file may lie in the folder of the scans, but for its ending."""
        if self.scans is None:
            return ()
        inner = file.path.relative_to(self.folder)
        return tuple(self.folder / self.scans / place for place in (inner, inner.name))

    def digest(self, path: Path) -> str:
        """Of all that is said about a page file."""
        said = repr((self.metadata(path), sorted(self.sections.items()), self.scans))
        return hashlib.blake2b(said.encode(errors="surrogatepass"), digest_size=8).hexdigest()

    def _matched(self, path: Path) -> dict[str, str]:
        inner = PurePosixPath(path.relative_to(self.folder).as_posix()).with_suffix("")
        matches = (pattern.fullmatch(str(inner)) for pattern in self.paths)
        return next((match.groupdict() for match in matches if match), {})


class Sidecars:
    """The sidecars of an archive, each read once."""

    def __init__(self, root: str) -> None:
        self._root = Path(root) if root else None
        self._known: dict[Path, Sidecar | None] = {}

    def of(self, file: PageFile) -> Sidecar | None:
        """The sidecar that speaks for a file: that of its folder, or of the nearest one above within the archive.

        Raises:
            SidecarError
        """
        return self._in(file.path.parent)

    def _in(self, folder: Path) -> Sidecar | None:
        if folder not in self._known:
            self._known[folder] = read(folder / NAME) or (self._in(folder.parent) if self._has_above(folder) else None)
        return self._known[folder]

    def _has_above(self, folder: Path) -> bool:
        return self._root is not None and folder != self._root and folder.is_relative_to(self._root)


def read(path: Path) -> Sidecar | None:
    """The sidecar in a file; None if there is no file.

    Raises:
        SidecarError: says the line or the key that is wrong.
    """
    try:
        said = tomllib.loads(decode(path.read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SidecarError(f"{path} 无法读取：{reason(error)}。") from error
    except UnreadableFileError as error:
        raise SidecarError(f"{path} 无法读取：{error}。") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"第 {line[1]} 行" if line else "末尾"
        raise SidecarError(f"{path} {where}不合 TOML 的写法：文字要放在引号里，一项一行。") from None
    return _sidecar(path, said)


def _sidecar(path: Path, said: dict[str, Any]) -> Sidecar:
    known = [f.name for f in dataclasses.fields(Sidecar) if f.name != "folder"]
    for key in said:
        if key not in known:
            raise SidecarError(f"{path} 里的 {key} 不知道是什么：可以写的是 {'、'.join(known)}。")
    sections = said.get("sections", {})
    if not isinstance(sections, dict):
        raise SidecarError(f'{path} 里的 sections 应是一节：[sections]，下面每行写 1 = "要闻"。')
    paths = said.get("paths", [])
    if not isinstance(paths, list):
        raise SidecarError(f'{path} 里的 paths 应是一列：paths = ["{{year}}/{{month}}{{day}}/{{page}}"]。')
    named = {page_number(str(page)): _text(path, f"sections.{page}", name) or "" for page, name in sections.items()}
    return Sidecar(
        folder=path.parent,
        newspaper=_text(path, "newspaper", said.get("newspaper")),
        paths=tuple(_pattern(path, _text(path, "paths", text) or "") for text in paths),
        sections=named,
        scans=_text(path, "scans", said.get("scans")),
    )


def _text(path: Path, key: str, value: Any) -> str | None:
    if value is not None and not (isinstance(value, str) and value.strip()):
        raise SidecarError(f"{path} 里的 {key} 应是引号里的文字。")
    return value.strip() if value else None


def _pattern(path: Path, text: str) -> re.Pattern[str]:
    parts = [r"(?:.*/)?"]
    seen: set[str] = set()
    for name, star, literal in _PART.findall(text):
        if literal or star:
            parts.append(re.escape(literal) or "[^/]*")
        elif name in _PLACEHOLDERS and name not in seen:
            seen.add(name)
            parts.append(f"(?P<{name}>{_PLACEHOLDERS[name]})")
        else:
            known = "、".join(f"{{{known}}}" for known in _PLACEHOLDERS)
            raise SidecarError(f"{path} 里的 paths “{text}”：{{{name}}} 不对，可以各写一次的是 {known}。")
    return re.compile("".join(parts))


def _date(said: dict[str, str]) -> datetime.date | None:
    try:
        return datetime.date(*(int(said[part]) for part in ("year", "month", "day")))
    except (KeyError, ValueError):
        return None


def informed(page: Page, sidecar: Sidecar, file: PageFile) -> Page:
    """A page with what its sidecar says; ids that were made of what the page said are made again."""
    known = sidecar.metadata(file.path)
    articles = tuple(_informed(article, known, sidecar) for article in page.articles)
    metadata = _informed(page.metadata, known, sidecar)
    if identified(page.articles) == page.articles:
        articles = identified(articles)
    before, now = list(missing(page.metadata)), list(missing(metadata))
    notes = tuple(note for note in page.notes if note not in before or note in now)
    return replace(page, metadata=metadata, articles=articles, notes=notes)


def _informed(said: Said, known: PageMetadata, sidecar: Sidecar) -> Said:
    """An article's or a page's metadata, replaced by what is known."""
    page_no = known.page_no or said.page_no
    return replace(
        said,
        newspaper=known.newspaper or said.newspaper,
        issue_no=known.issue_no or said.issue_no,
        date=known.date or said.date,
        page_no=page_no,
        section=known.section or sidecar.section(page_no) or said.section,
    )
