"""The report on the archive, as Chinese lines, as a table, and in five lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from index.report.model import Coverage, Gap, Holding, Mention
from web.cli.common import listed

_NAMED = 3
"""So many examples stand in a line of the summary."""
_UNKNOWN = "报纸不详"

Row = tuple[str, str, str, str, str, str, str, str]
COLUMNS: Row = ("finding", "newspaper", "date", "page_no", "file", "article", "title", "detail")
"""The columns of the table; each row is one month held, one gap, one article or one file."""


def text(found: Coverage) -> str:
    """The whole report, a paragraph for each sort of finding."""
    lines = [line for holding in found.holdings for line in _holding(holding)]
    for heading, rows in _findings(found):
        lines += listed(heading, [_line(row) for row in rows])
    return "\n".join(lines) or "索引里没有文章。"


def table(found: Coverage) -> str:
    """The report as CSV, with a byte order mark so that office programs read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for rows in (_months(found), *(rows for _, rows in _findings(found))) for row in rows)
    return "\ufeff" + out.getvalue()


def summary(found: Coverage) -> list[str]:
    """At most five lines: what is held, what is missing, and what to look at first."""
    lines = [_held(found), _missing(found), _unplaced(found), _doubtful(found), _repeated(found)]
    return [line for line in lines if line]


def _held(found: Coverage) -> str:
    issues = sum(holding.issues for holding in found.holdings)
    if not issues:
        return ""
    first, last = min(h.first for h in found.holdings), max(h.last for h in found.holdings)
    return f"馆藏：{len(found.holdings)} 种报纸 {issues} 期，{first} 至 {last}"


def _missing(found: Coverage) -> str:
    gaps = [(gap.missing, f"{h.newspaper or _UNKNOWN} {gap.after} 与 {gap.before} 之间 {gap.missing} 期")
            for h in found.holdings for gap in h.gaps]
    largest = [named for _, named in sorted(gaps, key=lambda gap: -gap[0])]
    return _counted("缺期", sum(missing for missing, _ in gaps), "期", largest)


def _unplaced(found: Coverage) -> str:
    return "；".join(filter(None, (
        _counted("没有日期", len(found.undated), "个文件", found.undated),
        _counted("没有版次", len(found.unnumbered), "个文件", found.unnumbered),
    )))


def _doubtful(found: Coverage) -> str:
    return "；".join(filter(None, (
        _counted("疑似乱码", len(found.garbled), "篇", (_named(each.article) for each in found.garbled)),
        _counted("过短", len(found.short), "篇", (_named(each.article) for each in found.short)),
    )))


def _repeated(found: Coverage) -> str:
    groups = ("、".join(dict.fromkeys(map(_named, group.articles[:2]))) for group in found.duplicates)
    return "；".join(filter(None, (
        _counted("内容相同", len(found.duplicates), "组", groups),
        _counted("转接未合并", len(found.unjoined), "篇", (_named(each.article) for each in found.unjoined)),
    )))


def _counted(label: str, count: int, unit: str, examples: Iterable[str]) -> str:
    named = [example for example, _ in zip(examples, range(_NAMED), strict=False)]
    return f"{label} {count} {unit}：{'，'.join(named)}{' ……' if count > len(named) else ''}" if count else ""


def _named(article: Mention) -> str:
    return f"《{article.title}》" if article.title else article.id


def _holding(holding: Holding) -> Iterator[str]:
    missing = f"，缺 {holding.missing} 期" if holding.missing else ""
    yield f"{holding.newspaper or _UNKNOWN}：{holding.issues} 期，{holding.first} 至 {holding.last}{missing}"
    for month in holding.months:
        yield f"  {month.month}：{month.issues} 期，{month.pages} 版，{month.articles} 篇"


def _findings(found: Coverage) -> Iterator[tuple[str, list[Row]]]:
    """Each sort of finding with its rows."""
    from index import corrections

    yield "缺期", [_gap(holding, gap) for holding in found.holdings for gap in holding.gaps]
    yield "没有日期的文件", [_file("undated", name) for name in found.undated]
    yield "没有版次的文件", [_file("unnumbered", name) for name in found.unnumbered]
    yield "过短的文章", [_article("short", s.article, f"{s.characters} 字") for s in found.short]
    yield "疑似乱码的文章", [_article("garbled", g.article, f"不成词的字占 {g.share:.0%}") for g in found.garbled]
    yield "内容相同的文章", [
        _article("duplicate", article, f"第 {number} 组，{'重刊' if group.reprint else '同日重复'}")
        for number, group in enumerate(found.duplicates, 1) for article in group.articles
    ]
    yield "转接未合并的文章", [_article("unjoined", u.article, "，".join(u.jumps)) for u in found.unjoined]
    yield "没有用上的更正", [("stale", "", "", "", corrections.NAME, "", "", note) for note in found.stale]
    yield "未能读取的文件", [_file("failed", failure.file, failure.reason) for failure in found.failed]


def _months(found: Coverage) -> Iterator[Row]:
    for holding in found.holdings:
        for month in holding.months:
            detail = f"{month.issues} 期，{month.pages} 版，{month.articles} 篇"
            yield ("month", holding.newspaper or "", month.month, "", "", "", "", detail)


def _gap(holding: Holding, gap: Gap) -> Row:
    days = f"：{'、'.join(map(str, gap.days))}" if gap.days else ""
    detail = f"{gap.after} 与 {gap.before} 之间缺 {gap.missing} 期{days}"
    return ("gap", holding.newspaper or "", str(gap.after), "", "", "", "", detail)


def _file(finding: str, name: str, detail: str = "") -> Row:
    return (finding, "", "", "", name, "", "", detail)


def _article(finding: str, article: Mention, detail: str) -> Row:
    date = article.date.isoformat() if article.date else ""
    place = (article.newspaper or "", date, article.page_no or "", article.source)
    return (finding, *place, article.id, article.title or "", detail)


def _line(row: Row) -> str:
    """A row for people: what is known of it, the title in its marks."""
    _, newspaper, date, page_no, file, article, title, detail = row
    if row[0] == "gap":
        return f"{newspaper or _UNKNOWN}：{detail}"
    page = f"第 {page_no} 版" if page_no else ""
    return " · ".join(filter(None, (title and f"《{title}》", newspaper, date, page, file, article, detail)))


def _cells(row: Row) -> list[str]:
    """A row whose texts no office program takes for a formula."""
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row]
