"""All settings in one table, read from the environment as ``UNIONNEWS_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "UNIONNEWS_"


def _setting(default: Any, description: str) -> Any:
    return field(default=default, metadata={"help": description})


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; each field's ``help`` says what it means."""

    index: Path = _setting(Path("unionnews-index"), "索引所在的文件夹")
    host: str = _setting("127.0.0.1", "网页服务监听的地址")
    port: int = _setting(8000, "网页服务监听的端口")
    threads: int = _setting(4, "同时处理请求的线程数")
    site_name: str = _setting("报纸检索", "网页上显示的名称")


class SettingError(Exception):
    """A setting in the environment has a value that it cannot have; the message names it."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives, defaults for the rest.

    Raises:
        SettingError
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        text = environment.get(PREFIX + setting.name.upper())
        if text:
            try:
                values[setting.name] = type(setting.default)(text)
            except ValueError:
                raise SettingError(f"环境变量 {PREFIX}{setting.name.upper()} 的值“{text}”不对：应是整数。") from None
    return Settings(**values)
