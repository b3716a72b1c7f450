"""Learn what a joint between two printed lines looks like from clean text, and write ``joints.npz``.

    python -m index.pages.train_joints joints.npz FILE…

A file is JSON lines (the ``body`` of each) or plain text; ``.gz`` may follow. The table that ships was made from some
ten million characters: public television news of three years, a January of a daily newspaper, customers' reviews
(for their spoken tone; towers only, ``@`` before the name) and encyclopedia paragraphs. Takes half an hour.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.pages.joint import PARTS, SIDE, Tower
from index.pages.ngrams import ABSENT, Array, codes, counted, keys_of, levels_of, span_hashes

LEAST = (1, 2, 3, 4)
"""An n-gram is kept from so many occurrences on, for n = 1 … 4."""
DICTIONARY_WEIGHT = 0.1
"""A word of the dictionary counts as text so many times its frequency: it knows words that the texts lack."""
CHARACTERS, EMBEDDING, HIDDEN, OUT = 5998, 48, 320, 96
STEPS, RATE, RUNS, LINES = 42_000, 2e-3, 16, 32
"""Steps of training, learning rate; a batch is so many runs of consecutive lines and lines a run."""
UNKNOWN = 0.05
"""Share of characters hidden in training, as OCR errors hide them."""

_NO_START = np.isin(np.arange(0x10000), [ord(c) for c in "、。,;:!?)》…%"])
Weights = dict[str, Array]


def main(arguments: Sequence[str]) -> None:
    """Read the files, learn, write."""
    target, *names = arguments
    texts = [codes("".join(_texts(Path(name.removeprefix("@"))))) for name in names]
    counting = [codes(t) for name in names if not name.startswith("@") for t in _texts(Path(name))]
    words = _dictionary()
    keys, levels, characters = counted(
        [*counting, *(codes(w) for w in words)],
        [*[1.0] * len(counting), *(n * DICTIONARY_WEIGHT * (len(w) > 1) for w, n in words.items())],
        LEAST,
    )
    word_keys = np.concatenate([keys_of(_hash(codes(word)), word=True) for word in words])
    keys = np.concatenate([keys, word_keys])
    levels = np.concatenate([levels, levels_of(np.maximum(list(words.values()), 1))])
    weights, known = train(texts)
    write(Path(target), keys, levels, (characters, sum(words.values())), weights, known)


def _texts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["body"] if ".jsonl" in path.name else line


def _dictionary() -> dict[str, int]:
    """jieba's words of at most four characters with their frequencies, read from its file."""
    path = Path(str(importlib.metadata.distribution("jieba").locate_file("jieba/dict.txt")))
    rows = (line.split(" ") for line in path.read_text("utf-8").splitlines())
    return {word: int(count) for word, count, _ in rows if len(word) <= 4 and len(codes(word)) == len(word)}


def _hash(row: Array) -> Array:
    return span_hashes(row[None, :])[0, len(row)]


def write(path: Path, keys: Array, levels: Array, totals: tuple[float, float], weights: Weights, known: Array) -> None:
    """Write the table: keys ascending, as gaps; weights as 8-bit integers with one scale an array."""
    keys, first = np.unique(keys, return_index=True)
    gaps = np.diff(keys, prepend=np.uint32(0)).astype(np.uint32)
    scales = {name: np.float32(max(np.abs(w).max(), 1e-9) / 127) for name, w in weights.items()}
    small = {name: np.round(w / scales[name]).astype(np.int8) for name, w in weights.items()}
    arrays: dict[str, Any] = {"gaps": gaps, "levels": levels[first], "totals": np.array(totals), "characters": known}
    arrays |= small | {f"{name}_scale": scale for name, scale in scales.items()}
    np.savez_compressed(path, **arrays)


def train(texts: Sequence[Array], steps: int = STEPS) -> tuple[Weights, Array]:
    """The weights of both towers, and the characters they know.

    Two towers with a softmax over the batch (Huang et al. 2013; Henderson et al. 2017): the right side of a joint
    among those of 511 others, and among the 31 lines near it, which counts as much. Adam (Kingma and Ba 2015), the
    rate falling as a cosine.
    """
    rng = np.random.default_rng(0)
    frequency = np.bincount(np.concatenate(texts), minlength=0x10000)
    known = np.argsort(-frequency, kind="stable")[:CHARACTERS].astype(np.uint16)
    numbers = np.ones(0x10000, np.int64)
    numbers[known], numbers[ABSENT] = np.arange(2, CHARACTERS + 2), 0
    share = np.sqrt([len(text) for text in texts])
    weights = _start(rng)
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    for step in range(1, steps + 1):
        tails, heads = (_hidden(rng, numbers[side]) for side in _joints(rng, texts, share / share.sum()))
        rate = RATE * min(1, step / 200) * (0.02 + (1 + np.cos(np.pi * step / steps)) / 2)
        for name, gradient in _gradients(weights, tails, heads).items():
            first, second = moments[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            step_size = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            weights[name] -= (step_size * first / (np.sqrt(second) + 1e-8)).astype(np.float32)
    return weights, known


def _start(rng: np.random.Generator) -> Weights:
    shapes = {
        "embedding": ((CHARACTERS + 2, EMBEDDING), 0.3),
        "hidden": ((SIDE * EMBEDDING, HIDDEN), (2 / (SIDE * EMBEDDING)) ** 0.5),
        "bias": ((HIDDEN,), 0.0),
        "out": ((HIDDEN, OUT), 0.5 * HIDDEN**-0.5),
        "shift": ((OUT,), 0.0),
    }  # fmt: skip
    return {
        f"{side}_{name}": (rng.standard_normal(shape) * scale).astype(np.float32)
        for side in ("left", "right")
        for name, (shape, scale) in shapes.items()
    }


def _joints(rng: np.random.Generator, texts: Sequence[Array], share: Array) -> tuple[Array, Array]:
    """Both sides of the joints of runs of lines, each run of one text and one width."""
    tails, heads = [], []
    for i in rng.choice(len(texts), RUNS, p=share):
        width = rng.integers(11, 22)
        start = rng.integers(SIDE, len(texts[i]) - width * (LINES + 2) - 2 * SIDE)
        at = start + width * np.arange(LINES)
        for _ in range(2):  # no line begins with a stop
            at = at + _NO_START[texts[i][at]]
        tails.append(texts[i][at[:, None] + np.arange(-SIDE, 0)])
        heads.append(texts[i][at[:, None] + np.arange(SIDE)])
    return np.concatenate(tails), np.concatenate(heads)


def _hidden(rng: np.random.Generator, numbers: Array) -> Array:
    return np.where(rng.random(numbers.shape) < UNKNOWN, 1, numbers)


def _gradients(weights: Weights, tails: Array, heads: Array) -> Weights:
    """The gradient of the loss by every weight."""
    left, right = (
        Tower(*(weights[f"{side}_{name}"] for name in PARTS)) for side in ("left", "right")
    )
    a, b = left(tails), right(heads)
    slope = _slope(a @ b.T)
    gradients = {f"left_{name}": g for name, g in _backward(left, tails, slope @ b).items()}
    return gradients | {f"right_{name}": g for name, g in _backward(right, heads, slope.T @ a).items()}


def _slope(scores: Array) -> Array:
    """The gradient of the loss by the scores: softmax by row and by column, over the batch and over each run."""
    near = np.kron(np.eye(RUNS, dtype=bool), np.ones((LINES, LINES), bool))
    parts = [_softmax(s, axis) for s in (scores, np.where(near, scores, -np.inf)) for axis in (0, 1)]
    slope: Array = (sum(parts) / 4 - np.eye(len(scores))) / len(scores)
    return slope.astype(np.float32)


def _softmax(scores: Array, axis: int) -> Array:
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    result: Array = powers / powers.sum(axis, keepdims=True)
    return result


def _backward(tower: Tower, numbers: Array, slope: Array) -> Weights:
    inside = tower.embedding[numbers].reshape(len(numbers), -1)
    before = inside @ tower.hidden + tower.bias
    back = (slope @ tower.out.T) * (before > 0)
    spread = (back @ tower.hidden.T).reshape(-1, tower.embedding.shape[1])
    embedding = np.zeros_like(tower.embedding)
    order = np.argsort(numbers, axis=None, kind="stable")
    rows, starts = np.unique(numbers.ravel()[order], return_index=True)
    embedding[rows] = np.add.reduceat(spread[order], starts, axis=0)
    return {
        "embedding": embedding, "hidden": inside.T @ back, "bias": back.sum(0),
        "out": np.maximum(before, 0).T @ slope, "shift": slope.sum(0),
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
