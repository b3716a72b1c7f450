"""XML from elsewhere: parsed without entities, without the network, and within limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from index import files
from index.errors import UnreadableFileError

Element = Any
"""An element of lxml; its names are without their namespaces (METS, MODS and ALTO share none)."""


def read(path: Path) -> Element:
    """The root of an XML file.

    Raises:
        UnreadableFileError: it cannot be opened, is too large, malformed, or declares entities.
    """
    with files.opened(path) as file:
        content = file.read(files.MAX_BYTES + 1)
    if len(content) > files.MAX_BYTES:
        raise UnreadableFileError(f"文件太大（最多 {files.MAX_BYTES // 1024 // 1024} MB）")
    if b"<!ENTITY" in content or b"<\0!\0E\0N\0T" in content or b"\0<\0!\0E\0N\0T" in content:
        raise UnreadableFileError("XML 里定义了实体，不予读取")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
                             remove_comments=True)  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFileError("不是完整的 XML") from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace, empty if it is not there."""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
    return str(found)
