"""Who may import whom: the layers of the program, read from its imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "search", "web")

TYPES_OF_INDEX = {
    "index.model", "index.errors", "index.sentence", "index.schema", "index.report.model",
    "index.cluster", "index.cluster.address",
}
"""What the web, but for its command line, may know of ``index``: values and names, nothing that does something."""

WHOOSH = {
    "index.schema", "index.store", "index.directory",
    "index.engine.codec", "index.engine.matcher", "index.engine.writer", "index.engine.buffer", "index.engine.merging",
    "search.whoosh_query", "search.snapshot", "search.columns", "search.lexicon", "search.prominence",
    "search.evaluator", "search.passages", "search.ranking", "search.stock", "search.entries",
    "search.bm25", "search.memory", "search.substring", "search.selection", "search.similar", "search.did_you_mean",
    "search.cluster.dsl", "search.cluster.candidates", "search.cluster.searcher",
}
"""The modules where Whoosh is plugged in; nobody else knows it."""


def modules(*packages: str) -> Iterator[tuple[str, Path]]:
    """The modules of packages, with their names."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def imports(path: Path, *, top_level: bool = False) -> frozenset[str]:
    """The modules that a file imports; with ``top_level`` only those that importing the file imports."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names if _is_module(node.module, alias.name))
    return frozenset(found)


def _is_module(package: str | None, name: str) -> bool:
    path = ROOT.joinpath(*(package or "").split("."), name)
    return path.is_dir() or path.with_suffix(".py").is_file()


def top(module: str) -> str:
    return module.partition(".")[0]


def importers(name: str) -> set[str]:
    """The modules that import a package."""
    return {module for module, path in modules(*PACKAGES) if name in map(top, imports(path))}


def test_index_knows_neither_search_nor_web() -> None:
    """The lowest layer imports nothing of the others."""
    for module, path in modules("index"):
        assert {"search", "web"}.isdisjoint(map(top, imports(path))), module


def test_search_does_not_know_web() -> None:
    """Search answers whoever asks."""
    for module, path in modules("search"):
        assert "web" not in map(top, imports(path)), module


def test_the_web_asks_search() -> None:
    """Only the command line drives ``index``; the rest of the web sees its values at most."""
    for module, path in modules("web"):
        if not module.startswith("web.cli"):
            known = {name for name in imports(path) if top(name) == "index"}
            assert known <= TYPES_OF_INDEX, module


def test_jieba_is_known_to_one_module() -> None:
    """Segmenters hide behind ``index.segment``."""
    assert importers("jieba") == {"index.segment"}
    assert importers("rjieba") <= {"index.segment"}


@pytest.mark.parametrize("name", ["flask", "werkzeug", "jinja2", "click", "waitress"])
def test_web_libraries_stay_in_the_web(name: str) -> None:
    """The libraries of web pages and command lines are imported in ``web`` only."""
    assert {top(module) for module in importers(name)} <= {"web"}


@pytest.mark.parametrize(("room", "others"), [
    ("endpoint", {"pages", "middleware"}), ("middleware", {"pages", "endpoint"}), ("pages", {"cli"}),
])
def test_the_rooms_of_the_web_stand_apart(room: str, others: set[str]) -> None:
    """What programs ask for knows nothing of pages, and what happens around every request nothing of either."""
    known = {name for module, path in modules("web") if module.startswith(f"web.{room}") for name in imports(path)}
    assert not {name for name in known if name.split(".")[1:2] and name.split(".")[1] in others and top(name) == "web"}


def test_whoosh_is_known_where_it_is_plugged_in() -> None:
    """Whoosh is imported where an index is written, read, asked and scored, and nowhere else."""
    assert importers("whoosh") <= WHOOSH


def test_the_library_of_clusters_is_known_to_one_module() -> None:
    """Who does not use a cluster does not need it."""
    assert importers("opensearchpy") == {"index.cluster.connection"}
    for module, path in modules(*PACKAGES):
        assert ".cluster" in module or "index.cluster.connection" not in imports(path, top_level=True), module


def test_no_module_imports_itself_in_a_circle() -> None:
    """Each module can be read after those it imports."""
    graph = {module: imports(path, top_level=True) for module, path in modules(*PACKAGES)}
    done: set[str] = set()
    while left := {module for module in graph if module not in done}:
        ready = {module for module in left if graph[module] & left <= {module, _package(module)}}
        assert ready, f"circle among {sorted(left)}"
        done |= ready


def _package(module: str) -> str:
    return module.rpartition(".")[0]


def test_every_library_is_declared() -> None:
    """What is imported from elsewhere stands in pyproject.toml, and what stands there is used."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = {line for name in ("fast", "server", "opensearch") for line in extras[name]}
    declared, optional = (
        {re.split(r"[\s<>=!~;\[]", line)[0].replace("-", "_") for line in lines}
        for lines in (project["dependencies"], optional)
    )
    imported = {top(name) for _, path in modules(*PACKAGES) for name in imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - set(PACKAGES) - {"werkzeug", "jinja2", "markupsafe", "limits"}
    foreign = {name.replace("opensearchpy", "opensearch_py") for name in foreign}
    assert foreign <= declared | optional
    assert declared <= foreign


@pytest.mark.parametrize(("module", "heavy"), [
    ("web.cli", {"numpy", "whoosh", "jieba", "rjieba", "opencc", "flask", "waitress", "tqdm"}),
    ("web", {"numpy", "whoosh", "jieba", "rjieba", "opencc", "waitress", "tqdm"}),
    ("search.searcher", {"jieba", "rjieba", "flask", "click", "waitress"}),
    ("index.reindex", {"jieba", "rjieba", "flask", "click", "waitress"}),
])
def test_heavy_modules_wait(module: str, heavy: set[str]) -> None:
    """Importing the command line loads nothing that takes long; dictionaries wait for the first use."""
    script = f"import sys, {module}; print(*sorted(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert heavy.isdisjoint(done.stdout.split())
