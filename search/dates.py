"""Dates as people write them: in queries, in the text of articles, as ranges of days."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.normalize import fold

_NUMERALS = {numeral: str(number) for number, numeral in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_DIGITS = "〇一二三四五六七八九"
_YEAR = r"(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_FORMS = [
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d]){_YEAR}年{_MONTH}月{_DAY}[日号]",
        rf"(?<![\d]){_YEAR}(?P<sign>[-./]){_MONTH}(?P=sign){_DAY}(?!\d)",
        rf"(?<![\d]){_YEAR}年{_MONTH}月(?:份)?",
        rf"(?<![\d]){_YEAR}(?P<sign>[-./]){_MONTH}(?![\d./\-万亿千百元%])",
        rf"(?<![\d一二三四五六七八九十]){_MONTH}月{_DAY}[日号]",
        rf"(?<![\d]){_YEAR}年(?![度代])",
    )
]
_MARK = re.compile(r"[年月]|\d[-./]\d")
"""What every date has somewhere."""
_WHOLE_YEAR = re.compile(_YEAR)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; or a day of any year. What is not said is None."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def bounds(self, year: int) -> tuple[datetime.date, datetime.date] | None:
        """The first and last day of it, in ``year`` if it has none of its own; None if there is no such day then."""
        try:
            return _bounds(self.year or year, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        """As the answer of a search names it: 2024-05-01, 2024-05, 2024 or --05-01 (ISO 8601)."""
        return "-".join([f"{self.year:04}" if self.year else "-", *(f"{n:02}" for n in (self.month, self.day) if n)])


def find_dates(text: str) -> Iterator[tuple[int, int, PartialDate]]:
    """Start, end and meaning of every date that ``text`` names, in any written form, from left to right."""
    folded = fold(text)
    at = 0
    while _MARK.search(folded, at) and (found := _first(folded, at)):
        yield found
        at = found[1]


def whole_year(text: str) -> PartialDate | None:
    """The year that a text is, written without 年."""
    found = _WHOLE_YEAR.fullmatch(fold(text))
    return PartialDate(_number(found["year"])) if found else None


def written_forms(date: PartialDate) -> tuple[str, ...]:
    """How a text may name a date, folded: digits with and without leading zeros, Chinese numerals, ISO and dots."""
    if date.day is None:
        return _unique(f"{year}年{month}" for year, month in zip(_years(date), _months(date), strict=True))
    forms = list(day_forms(date))
    if date.year:
        forms = [f"{year}年{form}" for year, form in zip(_years(date), forms, strict=True)]
        forms += [f"{date.year}{sign}{month}{sign}{day}" for sign in "-./" for month, day in _pairs(date)]
    else:
        forms += [f"{sign}{month}{sign}{day}" for sign in "-./" for month, day in _pairs(date)[1:]]
    return _unique(forms)


def day_forms(date: PartialDate) -> tuple[str, ...]:
    """How a text may name a day without its year."""
    assert date.month
    assert date.day
    (plain, padded) = (f"{month}月{day}日" for month, day in _pairs(date))
    return plain, padded, f"{_chinese(date.month)}月{_chinese(date.day)}日"


def period(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of ``2024``, ``2024-05``, ``2024年5月``, ``2024-05-01`` and the like.

    Raises:
        ValueError: it is no such date.
    """
    found = _PERIOD.fullmatch(fold(text).strip())
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    return _bounds(year or 0, month, day)


_PERIOD = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?)?年?")


def _first(folded: str, at: int) -> tuple[int, int, PartialDate] | None:
    """The first date from ``at`` on; of those that start there the longest."""
    matches = [match for form in _FORMS if (match := form.search(folded, at))]
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        said = match.groupdict()
        date = PartialDate(*(_number(said[part]) if said.get(part) else None for part in ("year", "month", "day")))
        if date.bounds(2000):  # a leap year
            return match.start(), match.end(), date
    return None


def _bounds(year: int, month: int | None, day: int | None) -> tuple[datetime.date, datetime.date]:
    first = datetime.date(year, month or 1, day or 1)
    return first, first if day else _last_day(year, month or 12)


def _last_day(year: int, month: int) -> datetime.date:
    if (year, month) == (9999, 12):
        return datetime.date.max
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def _number(text: str) -> int:
    """A number in digits, in Chinese digits (二〇二四) or Chinese numerals to 99 (二十一)."""
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(_NUMERALS[c] for c in text))
    tens, _, ones = text.partition("十")
    return 10 * int(_NUMERALS.get(tens, "1")) + int(_NUMERALS.get(ones, "0"))


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _chinese_year(year: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(year))


def _years(date: PartialDate) -> tuple[str, ...]:
    assert date.year
    return str(date.year), str(date.year), _chinese_year(date.year)


def _months(date: PartialDate) -> tuple[str, ...]:
    if date.month is None:
        return "", "", ""
    return f"{date.month}月", f"{date.month:02}月", f"{_chinese(date.month)}月"


def _pairs(date: PartialDate) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f"{date.month}", f"{date.day}"), (f"{date.month:02}", f"{date.day:02}")


def _unique(forms: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))
