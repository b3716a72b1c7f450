"""The formulas that both engines weigh terms by, and their constants; ``search.ranking`` has the weights above them."""

from __future__ import annotations

import math

K1 = 1.2
"""BM25: how soon a term's repetitions stop counting (Robertson and Zaragoza, 2009)."""
B = 0.75
"""BM25: how much long texts are held back, 0 to 1."""
ORDER = 3
"""The norm of an article's words: 2 is Euclid's; towards infinity only the most prominent word would count."""


def idf(matching: int, documents: int) -> float:
    """How much a term in ``matching`` of ``documents`` tells: ln(1 + (N - n + ½) / (n + ½)), as Lucene has it."""
    return math.log1p((documents - matching + 0.5) / (matching + 0.5))
