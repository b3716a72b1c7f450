"""Chinese numerals as digits."""

from __future__ import annotations

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "两": "2"}


def arabic(numeral: str) -> str:
    """二〇二三 -> 2023, 十二 -> 12, 二十 -> 20; digits stay."""
    numeral = "".join(numeral.split())
    if "十" in numeral and len(numeral) <= 3:
        tens, _, ones = numeral.partition("十")
        return str(10 * int(_DIGITS.get(tens, "1") if tens else 1) + int(_DIGITS.get(ones, "0") if ones else 0))
    return "".join(_DIGITS.get(c, c) for c in numeral)
