"""What a user reads when a cluster refuses, or the library for it is not there; no cluster is needed for this."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from answers import assert_problem
from click.testing import CliRunner
from outages import refusing

from index.cluster.address import Address
from index.errors import ClusterRefusedError, ClusterUnreachableError
from search.engines import searcher_at
from web import create_app
from web.cli import cli
from web.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate")
    file = tmp_path / "node.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key", "-out", file,
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )
    file.write_text(file.read_text("utf-8") + (tmp_path / "key").read_text("utf-8"), "utf-8")
    return file


def test_wrong_credentials_are_said() -> None:
    """The sentence names the variables, not the password."""
    with refusing() as url, pytest.raises(ClusterRefusedError, match="UNIONNEWS_OPENSEARCH_PASSWORD") as error:
        searcher_at(Address((url,), user="reader", password="not-so-secret")).finds("工会")
    assert "not-so-secret" not in str(error.value)


def test_an_unknown_certificate_is_refused(certificate: Path) -> None:
    """Nobody is asked who cannot prove who he is; with the right CA one gets as far as the password."""
    with refusing(certificate) as url:
        with pytest.raises(ClusterRefusedError, match="证书"):
            searcher_at(Address((url,))).finds("工会")
        with pytest.raises(ClusterRefusedError, match="密码"):
            searcher_at(Address((url,), ca=certificate)).finds("工会")


def test_a_wrong_file_for_the_certificate_is_said(tmp_path: Path) -> None:
    """A CA that is not there is a sentence, not a traceback."""
    with pytest.raises(ClusterRefusedError, match="证书"):
        searcher_at(Address(("https://127.0.0.1:1",), ca=tmp_path / "none.pem"))


def test_nobody_there_is_a_503_with_a_sentence() -> None:
    """Web pages, programs and the command line say the same."""
    settings = Settings(engine="opensearch", opensearch="http://127.0.0.1:1")
    client = create_app(settings).test_client()
    problem = assert_problem(client.get("/api/v1/search?q=工会"), 503)
    assert "连不上集群" in problem["detail"]
    assert "127.0.0.1" not in problem["detail"]
    assert "连不上集群" in client.get("/search?q=工会").text
    assert client.get("/healthz").status_code == 503
    with pytest.raises(ClusterUnreachableError):
        searcher_at(settings.place).warm()


@pytest.mark.parametrize("command", [["search", "工会"], ["status"], ["reindex", "."]])
def test_the_command_line_says_it_with_its_exit_code(
    command: list[str], sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3: the index cannot be used."""
    monkeypatch.setenv("UNIONNEWS_ENGINE", "opensearch")
    monkeypatch.setenv("UNIONNEWS_OPENSEARCH", "http://127.0.0.1:1")
    run = CliRunner().invoke(cli, [str(sample) if word == "." else word for word in command])
    assert run.exit_code == 3
    assert "连不上集群" in run.stderr


def test_without_its_library_a_cluster_is_refused_with_the_way_to_install_it() -> None:
    """Nothing else needs the library."""
    script = (
        "import sys; sys.modules['opensearchpy'] = None\n"
        "from index.cluster.address import Address; from search.engines import searcher_at\n"
        "from index.errors import ClusterRefusedError\n"
        "try: searcher_at(Address(()))\n"
        "except ClusterRefusedError as error: print('unionnews[opensearch]' in str(error))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "True\n"
