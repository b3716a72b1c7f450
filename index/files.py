"""Page files: finding them in folders and decoding their bytes."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from index.errors import UnreadableFileError, reason
from index.normalize import fold

SUFFIXES = (
    ".md", ".markdown", ".txt", ".jsonl", "content_list.json", ".htm", ".html", ".xml", ".pdf", ".docx", ".zip",
)  # fmt: skip
"""Endings of files that hold pages or articles; others in a folder (pictures, say) are passed over."""

NO_PAGES = f"没有找到报纸文件（{'、'.join('*' + suffix for suffix in SUFFIXES)}）"
"""Said where there are none."""

MAX_BYTES = 64 * 1024 * 1024
"""Largest page file; a JSON lines file may be larger, it is read a line at a time."""

_MIN_PLAUSIBLE = 0.5
_MAX_CONTROLS = 0.01
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file to read. ``name`` identifies it in the index: its path below the folder that was given.

    Where several paths were given it is the path below the folder that holds them all. Bytes of a name that
    are no UTF-8 are written ``\\xb0``.
    """

    path: Path
    name: str


def find(paths: Iterable[Path]) -> Iterator[PageFile]:
    """The page files among ``paths`` and below the folders among them, in the order of their names.

    A file that is named itself is always given, whatever its ending. Hidden files and folders are passed
    over. Each file is given once and each folder entered once, however many paths and links lead there.
    """
    given = [_resolved(path) for path in paths]
    above = root(given)
    entered: set[str] = set()
    found: set[Path] = set()
    for path in given:
        for name in sorted(_walk(path, entered), key=_posix) if _is_folder(path) else [str(path)]:
            file = Path(name)
            if file not in found:
                found.add(file)
                yield PageFile(file, _name(name, above))


def _walk(root: Path, entered: set[str]) -> Iterator[str]:
    folders = deque([str(root)])
    within_mets: set[str] = set()
    while folders:
        folder = folders.pop()
        real = os.path.realpath(folder)
        if real in entered:
            continue
        entered.add(real)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder  # reading it will say why not
            continue
        names: list[str] = []
        for entry in entries:
            if entry.name.startswith((".", "~$")):  # hidden, or Word's mark that a file is open
                continue
            if _is_folder(entry):
                # links come last, so that a folder goes by its own name
                (folders.appendleft if entry.is_symlink() else folders.append)(entry.path)
            elif entry.name.lower().endswith(SUFFIXES):
                names.append(entry.name)
        in_mets = any(is_mets(name) for name in names) or str(Path(folder).parent) in within_mets
        within_mets |= {folder} if in_mets else set()
        yield from (str(Path(folder, name)) for name in _leading(names, in_mets))


def is_mets(name: str) -> bool:
    """Whether a file's name is that of the METS file which describes an issue and names its ALTO files."""
    return name.lower().endswith(".xml") and "mets" in name.lower()


def _leading(names: list[str], in_mets: bool) -> list[str]:
    """Those of a folder's page files that are to be read themselves; the others are read with them or say the same.

    With a METS file go the ALTO files beside and below it; with MinerU's content list the Markdown and the PDFs it came
    from; with any page file the PDF of the same name, with the pages of a site every PDF: these are scans.
    """
    lower = {name.lower() for name in names}
    stems = {name.rpartition(".")[0] for name in lower if not name.endswith((".pdf", ".xml", ".zip"))}
    lists = {name.removesuffix("content_list.json").removesuffix("_") for name in lower if name.endswith(".json")}
    web = any(re.match(r"(?:node|content|news|page)[-_.\d].*html?$", name) for name in lower)

    def is_led(name: str) -> bool:
        stem, _, ending = name.lower().rpartition(".")
        if ending == "xml":
            return in_mets and not is_mets(name)
        if ending == "md":
            return stem in lists or lists == {""}
        origin = re.sub("_(?:origin|layout|spans?)$", "", stem)
        return ending == "pdf" and (web or bool({stem, origin} & (stems | lists)))

    return [name for name in names if not is_led(name)]


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it will say why not
        return False


def _resolved(path: Path) -> Path:
    """The absolute path; a link to a file keeps its name, which may say the date."""
    if _is_folder(path):
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent), path.name)


def root(paths: Iterable[Path]) -> str:
    """The absolute path of the folder that holds all of ``paths``, with slashes, one of them at the end.

    Names of page files are relative to it. Empty where there is none.
    """
    given = [_resolved(path) for path in paths]
    try:
        above = os.path.commonpath([path if _is_folder(path) else path.parent for path in given])
        return Path(above).as_posix().rstrip("/") + "/"
    except ValueError:  # none, or on different drives
        return ""


def _name(path: str, above: str) -> str:
    return os.fsencode(_posix(path).removeprefix(above)).decode("utf-8", "backslashreplace")


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """A page file, open for reading; whatever the system reports of it is an ``UnreadableFileError``."""
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UnreadableFileError("不是普通文件")  # opening a pipe would wait for its writer
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise UnreadableFileError(reason(error)) from error


def stamp(path: Path) -> tuple[int, int]:
    """A file's size in bytes and its time of change in nanoseconds since 1970; zeros if they cannot be had."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # a NUL in the name
        return 0, 0
    return status.st_size, status.st_mtime_ns


def digest(path: Path) -> str:
    """The sha256 of a file's bytes.

    Raises:
        UnreadableFileError
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_text(path: Path) -> str:
    """The text of a page file.

    Raises:
        UnreadableFileError: it cannot be opened, is empty, too large or no text.
    """
    with opened(path) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableFileError(f"文件太大（最多 {MAX_BYTES // 1024 // 1024} MB）")
    text = decode(content)
    if not text.strip():
        raise UnreadableFileError("文件是空的")
    return text


def decode(content: bytes) -> str:
    """Bytes as text: by byte order mark, else UTF-8, else GB18030 or Big5, whichever reads more like Chinese.

    Line ends become line feeds, stray control characters spaces.

    Raises:
        UnreadableFileError: no encoding gives text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content, encoding)
    try:
        return _text(content, "utf-8")
    except UnreadableFileError:
        plausible = {encoding: _plausibility(content, encoding) for encoding in _LEVELS}
        best = max(plausible, key=plausible.__getitem__)
        if plausible[best] < _MIN_PLAUSIBLE:
            raise
        return _text(content, best)


def _text(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError("不是文本文件，或文字编码无法识别（支持 UTF-8、GB18030、Big5）") from None
    if "\0" in text or len(_CONTROL.findall(text)) > _MAX_CONTROLS * len(text):
        raise UnreadableFileError("不是文本文件（含有二进制内容）")
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def printable(text: str) -> str:
    """``text`` with a space for each control character that is no white space."""
    return _CONTROL.sub(" ", text)


def _plausibility(content: bytes, encoding: str) -> float:
    """The share of punctuation and frequent characters among those that are not ASCII.

    GB 2312 and Big5 order their characters by frequency of use: level 1 is B0-D7 in the one, A4-C6 in the
    other; punctuation stands in A1 and A3, or A1 and A2. Text read in the wrong encoding is mostly made of
    rarer characters and of code points that are not assigned.
    """
    level, frequent = _LEVELS[encoding]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    wide = [character for character in text if not character.isascii()]
    # traditional characters are common in GB18030 where the simplified ones are
    codes = [c.encode(level, "ignore") or fold(c).encode(level, "ignore") for c in wide]
    return sum(len(code) == 2 and code[0] in frequent for code in codes) / len(codes) if codes else 0.0


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LEVELS = {
    "gb18030": ("gb2312", frozenset({0xA1, 0xA3, *range(0xB0, 0xD8)})),
    "big5hkscs": ("big5", frozenset({0xA1, 0xA2, *range(0xA4, 0xC7)})),
}
