"""All settings in one table, read from the environment as ``UNIONNEWS_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "UNIONNEWS_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; each field's ``help`` says what it means, ``values`` which numbers or words it can be."""

    index: Path = field(default=Path("unionnews-index"), metadata={"help": "索引所在的文件夹", "type": Path})
    host: str = field(default="127.0.0.1", metadata={"help": "网页服务监听的地址"})
    port: int = field(default=8000, metadata={"help": "网页服务监听的端口", "values": range(65536)})
    threads: int | None = field(
        default=None, metadata={"help": "同时处理请求的线程数；不设时按处理器数目", "values": range(1, 257)}
    )
    site_name: str = field(default="报纸检索", metadata={"help": "网页上显示的名称"})
    time_limit: int = field(default=10, metadata={"help": "一次检索最多用几秒；0 为不限", "values": range(3601)})
    rate_limit: str = field(default="", metadata={"help": "每个来访地址的请求上限，例如 60/minute；不设时不限"})
    cors: str = field(default="", metadata={"help": "哪些网站的网页可以读 JSON 接口，用逗号隔开；* 为所有网站"})
    trusted_proxies: int = field(
        default=0, metadata={"help": "前面有几层可信的反向代理（X-Forwarded-*）", "values": range(11)}
    )
    log_format: str = field(default="text", metadata={"help": "日志的格式", "values": ("text", "json")})
    metrics: int = field(default=0, metadata={"help": "是否在 /metrics 给出 Prometheus 指标", "values": range(2)})
    query_log: Path | None = field(
        default=None, metadata={"help": "把查询（不含来访地址）记在这个文件里；不设时不记", "type": Path}
    )


class SettingError(Exception):
    """A setting in the environment has a value that it cannot have; the message names it."""

    @classmethod
    def of(cls, name: str, text: str, needed: str) -> SettingError:
        """The error of the setting ``name``, whose value is ``text`` and not as ``needed``."""
        return cls(f"环境变量 {PREFIX}{name.upper()} 的值“{text}”不对：{needed}。")


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives, defaults for the rest.

    Raises:
        SettingError
    """
    given = ((setting, environment.get(PREFIX + setting.name.upper())) for setting in fields(Settings))
    return Settings(**{setting.name: _value(setting, text) for setting, text in given if text})


def _value(setting: Field[Any], text: str) -> Any:
    values = setting.metadata.get("values")
    if isinstance(values, range):
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) in values):
            raise SettingError.of(setting.name, text, f"应是 {values[0]} 到 {values[-1]} 的整数")
        return int(text)
    if values and text not in values:
        raise SettingError.of(setting.name, text, f"只能是 {'、'.join(values)}")
    return setting.metadata.get("type", str)(text)
