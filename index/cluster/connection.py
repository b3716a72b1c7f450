"""The one door to a cluster: requests as plain values, what goes wrong as sentences."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from index.cluster.address import Address
from index.errors import ClusterRefusedError, ClusterTimeoutError, ClusterUnreachableError, IndexDamagedError
from index.sentence import Sentence

try:
    from opensearchpy import OpenSearch, exceptions, helpers
except ImportError:
    raise ClusterRefusedError(Sentence("要用集群，请先安装 pip install 'unionnews[opensearch]'。")) from None

Json = dict[str, Any]

logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # what goes wrong is said by our errors

CHUNK_BYTES = 10 * 1024 * 1024
"""Most bytes of one bulk request."""
RETRIES = 5
"""So often documents are sent again that the cluster was too busy to take, each time after a longer pause."""
BULK_SECONDS = 120
"""So long a bulk request may take, a wait for a shard that has moved included."""
SECONDS = 60.0
"""So long any other request may take, unless it says otherwise."""


class Cluster:
    """A cluster that can be asked; may be shared by threads.

    Raises:
        ClusterRefusedError: there is no such certificate.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.name = address.name
        if address.ca and not address.ca.is_file():
            raise ClusterRefusedError(Sentence("没有证书文件 %(file)s（UNIONNEWS_OPENSEARCH_CA）。", file=address.ca))
        self._client = OpenSearch(
            hosts=list(address.nodes),
            http_auth=(address.user, address.password) if address.user else None,
            ca_certs=str(address.ca) if address.ca else None,
            ssl_show_warn=False,
            timeout=SECONDS,
            maxsize=32,
            max_retries=len(address.nodes),
        )

    def ask(self, method: str, path: str, body: Any = None, *, seconds: float = SECONDS, **params: Any) -> Any:
        """The answer to one request, as JSON is; None where there is no such thing (404).

        Raises:
            ClusterUnreachableError, ClusterTimeoutError, ClusterRefusedError
            IndexDamagedError: the cluster does not understand the request.
        """
        with self._sentences():
            try:
                return self._client.transport.perform_request(
                    method, path, params={"request_timeout": seconds, **params}, body=body
                )
            except exceptions.NotFoundError:
                return None

    def bulk(self, actions: Iterable[Json]) -> Iterator[Json]:
        """Do what ``actions`` say, many at once; what was answered to each, with an ``error`` if it cannot be done.

        Raises:
            ClusterUnreachableError: the cluster could not do something that can be done.
        """
        with self._sentences():
            for done, answer in helpers.streaming_bulk(
                self._client, actions, max_chunk_bytes=CHUNK_BYTES, max_retries=RETRIES, raise_on_error=False,
                request_timeout=BULK_SECONDS, params={"timeout": f"{BULK_SECONDS // 2}s"},
            ):
                (found,) = answer.values()
                if not done and (found["status"] == 429 or found["status"] >= 500):
                    said = Sentence("集群没有写入文章（%(reason)s），本次更新作废。", reason=_reason(found))
                    raise ClusterUnreachableError(said)
                yield found

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn the library's errors into ours."""
        try:
            yield
        except exceptions.SSLError as error:
            raise ClusterRefusedError(
                Sentence("不能确认集群的证书。请用 UNIONNEWS_OPENSEARCH_CA 指定签发它的证书。")
            ) from error
        except exceptions.ConnectionTimeout as error:
            raise ClusterTimeoutError(Sentence("集群没有按时回答，请稍后再试。")) from error
        except exceptions.ConnectionError as error:
            raise ClusterUnreachableError(Sentence("连不上集群，请稍后再试。")) from error
        except (exceptions.AuthenticationException, exceptions.AuthorizationException) as error:
            raise ClusterRefusedError(
                Sentence("集群不接受这个用户名或密码（UNIONNEWS_OPENSEARCH_USER、UNIONNEWS_OPENSEARCH_PASSWORD）。")
            ) from error
        except exceptions.TransportError as error:
            if isinstance(error.status_code, int) and error.status_code < 500 and error.status_code != 429:
                raise IndexDamagedError(Sentence("集群不懂这个请求（%(reason)s）。", reason=error.error)) from error
            said = Sentence("集群眼下不能回答（%(reason)s），请稍后再试。", reason=error.error)
            raise ClusterUnreachableError(said) from error


def _reason(answer: Json) -> str:
    """Why an action was in vain."""
    error = answer.get("error", "")
    return str(error.get("reason", error)) if isinstance(error, dict) else str(error)


def rejection(answer: Json) -> str:
    """Why the cluster would not take a document, with the cause where it tells one."""
    error = answer.get("error")
    cause = error.get("caused_by") if isinstance(error, dict) else None
    return _reason({"error": cause} if cause else answer)
