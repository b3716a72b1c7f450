"""The printed lines of a paragraph are found by their widths."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.pages.printed_lines import printed_lines

LINES = [
    "雨后的渡口泊着十来条木船，",
    "船工老陆坐在石阶上补网，一",
    "针一线都不马虎。他说，网和",
    "人一样，破了就要及时补好。",
    "傍晚收网的时候，河面上起了",
    "薄薄的雾，远处传来几声橹响",
]


def texts(paragraph: str) -> list[str]:
    return [line.text.strip() for line in printed_lines([paragraph])]


def test_white_space_parts_lines() -> None:
    """A space or a line end between full lines is a line's end."""
    assert texts(" ".join(LINES)) == LINES
    assert texts("\n".join(LINES)) == LINES


def test_a_stray_space_stays_inside_its_line() -> None:
    """A space after a comma does not make two lines of one."""
    spaced = [LINES[0], "船工老陆坐在石阶上补网， 一", *LINES[2:]]
    assert texts(" ".join(spaced)) == spaced


def test_a_lost_line_end_is_found() -> None:
    """Two lines that ran together are parted where each has the usual width."""
    assert texts(f"{LINES[0]} {LINES[1]}{LINES[2]} {LINES[3]} {LINES[4]} {LINES[5]}") == LINES


def test_a_number_is_not_cut() -> None:
    """No cut falls inside a number, nor before a stop."""
    for line in texts("甲" * 11 + "2021" + "乙" * 30 + "。" + "丙" * 12 + "\n" + "\n".join(LINES)):
        assert not line.startswith("。")
        assert not line[:1].isdigit() or line.startswith("2021")


@given(st.lists(st.text(st.sampled_from("工会，。 \n12a（）"), max_size=120), max_size=4))
def test_lines_put_together_are_the_paragraphs(paragraphs: list[str]) -> None:
    """No character is added, lost or moved, and widths are those of the texts."""
    lines = printed_lines(paragraphs)
    for number, paragraph in enumerate(paragraphs):
        own = [line for line in lines if line.paragraph == number]
        assert "".join(line.text for line in own) == paragraph
        assert [line.first for line in own] == [i == 0 for i in range(len(own))]
