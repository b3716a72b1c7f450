"""Settings: one table, read from the environment, and told in the README as it is."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from index.cluster.address import Address
from web.settings import PREFIX, SettingError, Settings, from_environment

README = Path(__file__).parent.parent / "README.md"


def test_without_an_environment_everything_is_at_its_default() -> None:
    """Nothing has to be set."""
    assert from_environment({}) == Settings()


def test_every_setting_is_read_from_the_environment() -> None:
    """Each field has its variable, and the value comes in the field's type."""
    environment = {
        "UNIONNEWS_INDEX": "/srv/索引", "UNIONNEWS_HOST": "0.0.0.0", "UNIONNEWS_PORT": "8080",
        "UNIONNEWS_THREADS": "8", "UNIONNEWS_SITE_NAME": "砚江工人周报检索", "UNIONNEWS_TIME_LIMIT": "3",
        "UNIONNEWS_RATE_LIMIT": "60/minute", "UNIONNEWS_CORS": "*", "UNIONNEWS_TRUSTED_PROXIES": "1",
        "UNIONNEWS_LOG_FORMAT": "json", "UNIONNEWS_METRICS": "1", "UNIONNEWS_QUERY_LOG": "/srv/queries.jsonl",
        "UNIONNEWS_ENGINE": "opensearch", "UNIONNEWS_OPENSEARCH": "https://a:9200, https://b:9200",
        "UNIONNEWS_OPENSEARCH_INDEX": "archive", "UNIONNEWS_OPENSEARCH_USER": "reader",
        "UNIONNEWS_OPENSEARCH_PASSWORD": "secret", "UNIONNEWS_OPENSEARCH_CA": "/srv/ca.pem",
        "UNIONNEWS_OPENSEARCH_SHARDS": "6", "UNIONNEWS_OPENSEARCH_REPLICAS": "2",
    }
    assert {PREFIX + field.name.upper() for field in dataclasses.fields(Settings)} == environment.keys()
    assert from_environment(environment) == Settings(
        index=Path("/srv/索引"), host="0.0.0.0", port=8080, threads=8, site_name="砚江工人周报检索",
        time_limit=3, rate_limit="60/minute", cors="*", trusted_proxies=1, log_format="json", metrics=1,
        query_log=Path("/srv/queries.jsonl"), engine="opensearch", opensearch="https://a:9200, https://b:9200",
        opensearch_index="archive", opensearch_user="reader", opensearch_password="secret",
        opensearch_ca=Path("/srv/ca.pem"), opensearch_shards=6, opensearch_replicas=2,
    )
    assert from_environment(environment).place == Address(
        ("https://a:9200", "https://b:9200"), "archive", "reader", "secret", Path("/srv/ca.pem"), 6, 2
    )


def test_an_empty_variable_is_not_set() -> None:
    """``UNIONNEWS_PORT=`` means the default, as elsewhere in the shell."""
    assert from_environment({f"UNIONNEWS_{name}": "" for name in ("INDEX", "PORT", "SITE_NAME")}) == Settings()


def test_other_variables_are_none_of_our_business() -> None:
    """Only the table's names are read."""
    assert from_environment({"PORT": "1", "UNIONNEWS_COLOUR": "red", "unionnews_port": "2"}) == Settings()


@pytest.mark.parametrize("name", ["PORT", "THREADS", "TIME_LIMIT", "TRUSTED_PROXIES", "METRICS"])
@pytest.mark.parametrize("text", ["abc", "-1", "8000.0", "８０００", "1_000", " 80", "99999", "9" * 5000])
def test_a_wrong_number_is_refused_with_the_name_of_the_variable(name: str, text: str) -> None:
    """A value that cannot be is a sentence that says which variable, and what it may be."""
    with pytest.raises(SettingError, match=rf"UNIONNEWS_{name}.*整数"):
        from_environment({f"UNIONNEWS_{name}": text})


def test_a_server_without_threads_is_refused() -> None:
    """No thread could answer; any port, or none in particular (0), is fine."""
    with pytest.raises(SettingError):
        from_environment({"UNIONNEWS_THREADS": "0"})
    assert from_environment({"UNIONNEWS_PORT": "0"}).port == 0


def test_the_readme_tells_every_setting_and_its_default() -> None:
    """The README's table is the table of the code."""
    told = re.findall(r"^\| `UNIONNEWS_(\w+)` \| (?:`([^`]*)` )?\|", README.read_text("utf-8"), re.MULTILINE)
    defaults = {field.name.upper(): field.default for field in dataclasses.fields(Settings)}
    assert told == [(name, "" if default is None else str(default)) for name, default in defaults.items()]


def test_a_word_that_is_none_of_the_choices_is_refused() -> None:
    """Where there are choices, the sentence lists them."""
    with pytest.raises(SettingError, match=r"UNIONNEWS_LOG_FORMAT.*text、json"):
        from_environment({"UNIONNEWS_LOG_FORMAT": "xml"})


def test_every_setting_says_what_it_means() -> None:
    """Each field carries its help."""
    assert all(field.metadata["help"] for field in dataclasses.fields(Settings))
