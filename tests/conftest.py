"""What many tests need: the sample newspaper and an index of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, served
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

import index
from index.reindex import reindex
from web import create_app
from web.settings import Settings

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of newspaper pages that ships with the program."""
    return Path(index.__file__).with_name("sample")


@pytest.fixture(scope="session")
def index_dir(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample, for reading only."""
    directory = tmp_path_factory.mktemp("sample") / "index"
    reindex([sample], directory)
    return directory


@pytest.fixture
def index_copy(index_dir: Path, tmp_path: Path) -> Path:
    """An index of the sample that a test may write to or break."""
    return shutil.copytree(index_dir, tmp_path / "index")


@pytest.fixture(scope="session")
def app(index_dir: Path) -> Flask:
    """The web application over the sample."""
    return create_app(Settings(index=index_dir))


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    """Somebody who asks it; keeps no cookies, for there are none."""
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    """The address of the sample, served."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser, for tests that are marked to need one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def runner() -> CliRunner:
    """The command line in this process, with standard output and standard error apart."""
    return CliRunner()


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of its own for a user whom permissions stop; the test runs as that user."""
    root, nobody = os.geteuid() == 0, 65534
    with tempfile.TemporaryDirectory() as folder:
        if root:
            os.chown(folder, nobody, nobody)
            os.seteuid(nobody)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)
