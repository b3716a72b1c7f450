"""The house in order: style, types, what stands where, and what is packed for shipping."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = ("index", "search", "web")
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", *PACKAGES, "tests"}
GENERATED = {"build", "dist", "unionnews-index", "unionnews.egg-info"}
TEXT = {"", ".py", ".md", ".toml", ".txt", ".tsv", ".json", ".jsonl", ".html", ".css", ".js", ".sh", ".yml", ".yaml"}


def tool(*command: str) -> str:
    """What a tool says about the project; empty if it is content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def sources() -> Iterator[Path]:
    """The files of the project, without what tools leave behind."""
    hidden = [path for path in ROOT.iterdir() if path.name in {".ci", ".github", ".gitignore"}]
    for top in (*hidden, *(ROOT / name for name in sorted(TOP_LEVEL))):
        below = top.rglob("*") if top.is_dir() else (top,)
        yield from (path for path in below if path.is_file() and "__pycache__" not in path.parts)


def test_style() -> None:
    """Ruff has nothing to say."""
    assert tool("ruff", "check", "--quiet", ".") == ""


def test_types() -> None:
    """Mypy, strict, has nothing to say."""
    assert PYPROJECT["tool"]["mypy"]["strict"]
    assert tool("mypy") == ""


def test_top_level() -> None:
    """At the top stand the packages, the tests, and three files."""
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - GENERATED == TOP_LEVEL


def test_tests_are_flat() -> None:
    """The tests are no package, which would hide the one they test; what they read lies in folders of its own."""
    assert not [path for path in (ROOT / "tests").rglob("*.py") if path.parent != ROOT / "tests"]
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_no_path_of_a_machine() -> None:
    """Nothing names a folder that only one machine has."""
    machine = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|tmp)/\w|[A-Z]:\\\\?Users")
    for path in sources():
        if path.suffix in TEXT:
            assert not machine.search(path.read_text("utf-8")), path


def test_modules_are_short() -> None:
    """A module has one idea and at most 400 lines."""
    code = [path for path in sources() if path.suffix == ".py" and not path.is_relative_to(ROOT / "tests")]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in code}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_data_files_are_packed(package: str) -> None:
    """Every file of a package that is no code is named in its package data, and every pattern there finds some."""
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"][package]
    folder = ROOT / package
    found = {pattern: set(folder.glob(pattern)) for pattern in patterns}
    files = {path for path in sources() if path.is_relative_to(folder) and path.suffix != ".py"}
    assert files == {path for paths in found.values() for path in paths if path.is_file()}
    assert all(found.values()), found


def test_every_test_states_its_promise() -> None:
    """Each test has a docstring of one sentence."""
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert (ast.get_docstring(node) or "").endswith("."), f"{path.name}: {node.name}"
