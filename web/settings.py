"""All settings in one table, read from the environment as ``UNIONNEWS_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "UNIONNEWS_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; each field's ``help`` says what it means, ``values`` which numbers it can be."""

    index: Path = field(default=Path("unionnews-index"), metadata={"help": "索引所在的文件夹"})
    host: str = field(default="127.0.0.1", metadata={"help": "网页服务监听的地址"})
    port: int = field(default=8000, metadata={"help": "网页服务监听的端口", "values": range(65536)})
    threads: int = field(default=4, metadata={"help": "同时处理请求的线程数", "values": range(1, 257)})
    site_name: str = field(default="报纸检索", metadata={"help": "网页上显示的名称"})


class SettingError(Exception):
    """A setting in the environment has a value that it cannot have; the message names it."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives, defaults for the rest.

    Raises:
        SettingError
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        default: Any = setting.default
        variable = PREFIX + setting.name.upper()
        if text := environment.get(variable):
            values[setting.name] = (
                _number(variable, text, setting.metadata["values"])
                if isinstance(default, int)
                else type(default)(text)
            )
    return Settings(**values)


def _number(variable: str, text: str, values: range) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) in values):
        raise SettingError(f"环境变量 {variable} 的值“{text}”不对：应是 {values[0]} 到 {values[-1]} 的整数。")
    return int(text)
