"""What many tests need: the sample newspaper and an index of it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
import uuid
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
from index.cluster.address import Address
from index.reindex import reindex, update
from index.stores import store_at
from web import create_app
from web.settings import Settings, from_environment

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


@pytest.fixture(scope="session")
def cluster() -> Iterator[Address]:
    """A name of its own on the cluster that the environment names; what is there under it is removed at the end."""
    nodes = os.environ.get("UNIONNEWS_TEST_CLUSTER")
    if not nodes:
        pytest.skip("no OpenSearch cluster here: .ci/cluster starts one, UNIONNEWS_TEST_CLUSTER names its addresses")
    address = Address(tuple(nodes.split(",")), f"test-{uuid.uuid4().hex[:8]}")
    yield address
    from index.cluster.connection import Cluster

    Cluster(address).ask("DELETE", f"/{address.name}-*")


@pytest.fixture
def fresh_cluster(cluster: Address) -> Address:
    """The same cluster, and a name that nobody else has."""
    return dataclasses.replace(cluster, name=f"{cluster.name}-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="session")
def cluster_sample(cluster: Address, sample: Path) -> Address:
    """The sample on the cluster, for reading only."""
    address = dataclasses.replace(cluster, name=f"{cluster.name}-sample")
    update([sample], store_at(address))
    return address


@pytest.fixture(params=["whoosh", "opensearch"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path | Address:
    """Where an archive of the test's own may be kept, on each engine, and set so in the environment."""
    if request.param == "whoosh":
        monkeypatch.setenv("UNIONNEWS_INDEX", str(tmp_path / "index"))
    else:
        address: Address = request.getfixturevalue("fresh_cluster")
        monkeypatch.setenv("UNIONNEWS_ENGINE", "opensearch")
        monkeypatch.setenv("UNIONNEWS_OPENSEARCH", ",".join(address.nodes))
        monkeypatch.setenv("UNIONNEWS_OPENSEARCH_INDEX", address.name)
    return from_environment().place


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
