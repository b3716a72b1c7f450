"""Which of the lines over an article are its kicker, its title and its subtitle."""

from __future__ import annotations

import pytest

from index.pages.blocks import lines
from index.pages.heading import Heading, heading

STACKS = {
    "# 把“死疙瘩”解成“活扣子”\n#### —记调解员闻道先": Heading("把“死疙瘩”解成“活扣子”", None, "记调解员闻道先"),
    "清源金牌调解员\n# 把“死疙瘩”解成“活扣子”": Heading("把“死疙瘩”解成“活扣子”", "清源金牌调解员"),
    "# “哺乳假”写进合同，\n“宝妈”职工笑开颜": Heading("“哺乳假”写进合同，“宝妈”职工笑开颜"),
    "#### 清源快递小哥\n## 有了“换电柜”": Heading("清源快递小哥有了“换电柜”"),
    "#### 安全隐患“随手\n# 拍”拍出大平安": Heading("安全隐患“随手拍”拍出大平安"),
    "#### 职工书架\n## 好书推荐：《手的秘密》": Heading("好书推荐：《手的秘密》", "职工书架"),
    "#### 以案说法\n“自愿放弃社保”的承诺书无效": Heading("“自愿放弃社保”的承诺书无效", "以案说法"),
    "## 工伤认定为何卡在考勤表\n## 市总工会援助律师讨回公道": Heading(
        "工伤认定为何卡在考勤表", None, "市总工会援助律师讨回公道"
    ),
    "市总工会关于开展2021年度\n困难职工子女助学的公告": Heading("市总工会关于开展2021年度困难职工子女助学的公告"),
    "奋斗新时代 建功新清源\n### 清源市庆祝国际劳动节大会举行\n# 一百二十名先进个人受到表彰": Heading(
        "清源市庆祝国际劳动节大会举行", "奋斗新时代 建功新清源", "一百二十名先进个人受到表彰"
    ),
    "## 张师傅和他的\n## “马路诊所”": Heading("张师傅和他的“马路诊所”"),
    "## 改出新面貌 激发新活力": Heading("改出新面貌 激发新活力"),
}  # fmt: skip


@pytest.mark.parametrize(("printed", "read"), STACKS.items(), ids=STACKS)
def test_title_lines(printed: str, read: Heading) -> None:
    """Lines are put together where they read on, and told apart by type, marks and words where they do not."""
    assert heading(list(lines(printed))) == read
