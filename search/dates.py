"""Years, months and days as people write them, as ranges of days."""

from __future__ import annotations

import datetime
import re
import unicodedata

_PERIOD = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?)?年?")


def period(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of ``2024``, ``2024-05``, ``2024年5月``, ``2024-05-01`` and the like.

    Raises:
        ValueError: it is no such date.
    """
    found = _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    first = datetime.date(int(year or 0), month or 1, day or 1)
    return first, first if day else _last_day(first.year, month or 12)


def _last_day(year: int, month: int) -> datetime.date:
    if (year, month) == (9999, 12):
        return datetime.date.max
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
