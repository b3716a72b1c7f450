"""All settings in one table, read from the environment as ``UNIONNEWS_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from index.cluster.address import Address

PREFIX = "UNIONNEWS_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set; each field's ``help`` says what it means, ``values`` which numbers or words it can be."""

    index: Path = field(default=Path("unionnews-index"), metadata={"help": "索引所在的文件夹", "type": Path})
    engine: str = field(
        default="whoosh",
        metadata={"help": "索引在本机（whoosh）还是在集群上（opensearch）", "values": ("whoosh", "opensearch")},
    )
    opensearch: str = field(default="http://127.0.0.1:9200", metadata={"help": "集群各节点的地址，用逗号隔开"})
    opensearch_index: str = field(default="unionnews", metadata={"help": "集群上索引的名称"})
    opensearch_user: str = field(default="", metadata={"help": "集群的用户名"})
    opensearch_password: str = field(default="", metadata={"help": "集群的密码"})
    opensearch_ca: Path | None = field(
        default=None, metadata={"help": "签发集群证书的证书文件；不设时用系统的", "type": Path}
    )
    opensearch_shards: int = field(default=3, metadata={"help": "新建的索引分成几片", "values": range(1, 1025)})
    opensearch_replicas: int = field(default=1, metadata={"help": "每片另存几份", "values": range(11)})
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

    @property
    def place(self) -> Path | Address:
        """Where the archive is kept."""
        if self.engine == "whoosh":
            return self.index
        nodes = tuple(filter(None, map(str.strip, self.opensearch.split(","))))
        return Address(
            nodes, self.opensearch_index, self.opensearch_user, self.opensearch_password, self.opensearch_ca,
            self.opensearch_shards, self.opensearch_replicas,
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
