"""``corrections.tsv``: what an operator has put right in the text of articles.

A line is an article's id, what stands there wrongly and what is right, with tabs between them; ``#`` begins a comment.
What was printed stays in ``Article.printed`` and is found as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from index.errors import CorrectionError, UnreadableFileError, reason
from index.files import decode
from index.model import Article, Correction

NAME = "corrections.tsv"

Corrections: TypeAlias = Mapping[str, tuple[Correction, ...]]
"""By article id, in the order of the lines."""


def read(folders: Iterable[Path]) -> dict[str, tuple[Correction, ...]]:
    """The corrections in the files of this name in some folders.

    Raises:
        CorrectionError: says the file and the line that is wrong.
    """
    found: dict[str, tuple[Correction, ...]] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders):  # one may be named in several ways
        for article_id, correction in _lines(folder / NAME):
            found[article_id] = (*found.get(article_id, ()), correction)
    return found


def corrected(article: Article, corrections: Iterable[Correction]) -> tuple[Article, list[str]]:
    """An article put right, and a note for each correction that has nothing to put right."""
    notes: list[str] = []
    for correction in corrections:
        changed = _replaced(article, correction)
        if changed == article:
            notes.append(f"更正没有用上：{article.id} 里没有“{correction.wrong}”")
        else:
            article = replace(changed, corrections=(*article.corrections, correction))
    return article, notes


def changed(before: Corrections, now: Corrections) -> set[str]:
    """The articles whose corrections differ."""
    return {article_id for article_id in {*before, *now} if before.get(article_id) != now.get(article_id)}


def _lines(path: Path) -> Iterator[tuple[str, Correction]]:
    try:
        lines = decode(path.read_bytes()).splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise CorrectionError(f"{path} 无法读取：{reason(error)}。") from error
    except UnreadableFileError as error:
        raise CorrectionError(f"{path} 无法读取：{error}。") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            fields = [field.strip() for field in line.split("\t")]
            if len(fields) != 3 or not all(fields[:2]) or fields[1] == fields[2]:
                raise CorrectionError(f"{path} 第 {number} 行不对：应是 文章编号、误、正 三项，用制表符（Tab）隔开。")
            yield fields[0], Correction(*fields[1:])


def _replaced(article: Article, correction: Correction) -> Article:
    def right(text: str | None) -> str | None:
        return text and (text.replace(correction.wrong, correction.right) or None)

    return replace(
        article,
        title=right(article.title),
        kicker=right(article.kicker),
        subtitle=right(article.subtitle),
        body=right(article.body) or "",
        subheads=tuple(filter(None, map(right, article.subheads))),
        bylines=tuple(replace(byline, name=right(byline.name) or byline.name) for byline in article.bylines),
    )
