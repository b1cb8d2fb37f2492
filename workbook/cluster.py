"""The files of a merge, digested on many machines through Dask distributed, when somebody asks for it.

The same function as on one machine, fed with the bytes of the files, so that no shared folder is needed. A worker that
dies loses nothing: what it had begun is begun again elsewhere. Started by two commands, see ``docs/nhieu_may.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from typing import Any

from toolkit.records import Digest
from toolkit.wording import finding
from workbook.digest import Lens, Source, digest, taken
from workbook.files import Refused
from workbook.intake import Tell
from workbook.spread import Known, remembered

_AHEAD = 4  # files on their way for each thread of a worker: none waits, and few are held in memory
_SECONDS = 10  # to find the scheduler


class Cluster:
    """A ``Spread`` over the workers of the scheduler at ``address`` ("tcp://…", or the path of a scheduler file)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(self, lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]:
        """Raises Refused (RA_017) when Dask is not installed, no scheduler with a worker answers, or it is lost."""
        with _client(self.address) as client:
            with self._told():
                shared = client.scatter(lens, broadcast=True, hash=False)
                ahead = _AHEAD * sum(client.nthreads().values())
            waiting: list[tuple[Source, Any]] = []
            left = iter(sources)
            for done in range(1, len(sources) + 1):
                for source in islice(left, ahead - len(waiting)):
                    waiting.append((source, _begun(client, shared, source, known)))
                source, found = waiting.pop(0)
                if not isinstance(found, Digest):
                    with self._told():
                        found = found.result()
                    if known:
                        known.keep(found)
                tell(done, len(sources), source.name)
                yield found

    @contextmanager
    def _told(self) -> Iterator[None]:
        from distributed import KilledWorker

        try:
            yield
        except (OSError, TimeoutError, CancelledError, KilledWorker) as fault:  # the digest of a file raises none
            raise Refused(finding("RA_017", dia_chi=self.address, ly_do="mất liên lạc giữa chừng")) from fault


def _begun(client: Any, lens: Any, source: Source, known: Known | None) -> Any:
    """A digest that is there already, or the promise of one."""
    content = taken(source)
    if isinstance(content, Digest):
        return content
    before = remembered(known, content, source.name)
    return before or client.submit(digest, lens, source.name, content, pure=False, retries=3)


def _client(address: str) -> Any:
    try:
        from distributed import Client as Connection

        Client: Any = Connection
    except ImportError as fault:
        raise Refused(finding("RA_017", dia_chi=address, ly_do="chưa cài gói tthc-toolkit[cluster]")) from fault
    where = {"address": address} if "://" in address else {"scheduler_file": address}
    try:
        client = Client(**where, timeout=_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=_SECONDS)
    except (OSError, TimeoutError, ValueError) as fault:
        raise Refused(finding("RA_017", dia_chi=address, ly_do="không có máy nào trả lời")) from fault
    return client
