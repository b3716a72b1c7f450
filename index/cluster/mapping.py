"""An article as a document of a cluster's index, and the mapping that such an index has.

Tokens are ours: words are cut here and sent with spaces between them. What matching sees of a text (its significant
characters) is sent as it is, for pairs and single characters are the same wherever they are made. The cluster needs
no plug-in, and no word of it is the cluster's own.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from typing import Any

from index import analyzer
from index.model import Article
from index.normalize import significant, variants
from index.schema import KEYWORDS, PRINTED, ROLES, ZONES, day_number, dump, keywords, printed_passages, zone_texts
from index.weighting import K1, B

MAPPING_VERSION = 1
"""Raised with every change that an existing index does not survive. 1: the first."""

TOKENS = "tokens"
"""The column that holds what a closer look at an article needs."""

_SPACE = re.compile(r"\s|[\x00-\x1f]")
_GRAMS = {"pair": 2, "single": 1}

Json = dict[str, Any]


def settings(shards: int) -> Json:
    """The settings of an index that is being built: no copies, and nothing to be seen before the end.

    BM25 has the constants of ``search.ranking``; the fields that it weighs are named like those of ``index.schema``.
    """
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "refresh_interval": -1,
        "translog.durability": "async",
        "max_result_window": 100_000,
        "analysis": {
            "tokenizer": {name: {"type": "ngram", "min_gram": n, "max_gram": n} for name, n in _GRAMS.items()},
            "analyzer": {name: {"type": "custom", "tokenizer": name} for name in _GRAMS},
        },
        "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
    }


def mapping(meta: Json) -> Json:
    """The mapping of an index of articles; ``meta`` is what the index says of itself."""
    return {
        "dynamic": "strict",
        "_meta": meta,
        "_source": {"includes": list(_SOURCE)},
        "properties": {
            **{name: {"type": "keyword", "index": False, "doc_values": False} for name in _SOURCE},
            TOKENS: {"type": "binary", "doc_values": True},
            "id": _KEYWORD,
            "file": _KEYWORD,
            "place": {"type": "long"},
            "day": {"type": "integer"},
            "norm": {"type": "float"},
            "issue_no": _KEYWORD,
            "variants": _KEYWORD,
            "person": _KEYWORD,
            **{name: _KEYWORD | ({"copy_to": "person"} if name in _PERSON else {}) for name in KEYWORDS},
            **{f"{zone}_words": _text("whitespace") for zone in ZONES},
            **{f"{zone}_bigrams": _text("pair") | {"copy_to": f"{zone}_chars"} for zone in (*ZONES, PRINTED)},
            **{f"{zone}_chars": _text("single") | {"index_options": "freqs"} for zone in (*ZONES, PRINTED)},
        },
    }


_SOURCE = ("article", "title", "heading")
_KEYWORD: Json = {"type": "keyword"}
_PERSON = (*ROLES.values(), "author")


def _text(analyzer: str) -> Json:
    return {"type": "text", "analyzer": analyzer}


def document(article: Article, file: str) -> Json:
    """The fields of an article, but for ``place`` and ``norm``; ``file`` is the identity of its file."""
    texts = zone_texts(article)
    words = {zone: " ".join(_SPACE.sub("\ufffd", word) for word in analyzer.words(texts[zone])) for zone in ZONES}
    bare = {zone: significant(texts[zone]) for zone in ZONES}
    fields: Json = {
        "id": article.id,
        "file": file,
        "article": dump(article),
        "title": article.title,
        "heading": bare["title"],
        "issue_no": article.issue_no,
        "variants": sorted(frozenset().union(*map(variants, texts.values()))),
        TOKENS: packed([*bare.values(), *words.values()]),
        f"{PRINTED}_bigrams": significant(printed_passages(article)),
        **{f"{zone}_words": text for zone, text in words.items()},
        **{f"{zone}_bigrams": text for zone, text in bare.items()},
        **{name: list(values) for name, values in keywords(article).items()},
        "day": day_number(article.date) if article.date else None,
    }
    return {name: value for name, value in fields.items() if value}


def packed(texts: list[str]) -> str:
    """Texts without NUL as one value of the field ``TOKENS``."""
    return base64.b64encode(zlib.compress("\0".join(texts).encode(), 3)).decode()


def unpacked(value: str) -> list[str]:
    """The texts that ``packed`` was given: title and body as matching sees them, then the words of each."""
    return zlib.decompress(base64.b64decode(value + "==")).decode().split("\0")  # it comes without its padding


def key(article_id: str) -> str:
    """What the cluster knows an article by: it takes no names of more than 512 bytes."""
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
