"""A Chroma server holds the generation as a collection of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.generations import Parts, rebuild
from flywheel.model import Audience
from flywheel.store.database import Database
from tests.integration.gateways.conftest import NOW, HashingEncoder, Library

EVERYONE = Audience.everyone()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a Chroma server and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    folder = str(tmp_path_factory.mktemp("chroma"))
    command = [str(chroma), "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    _wait_for(address)
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Yield an empty store on SQLite alone: a build of Chroma takes seconds, and reads no other SQL than the scan."""
    store = Database(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def parts(server: str, database: Database, encoder: HashingEncoder, library: Library, tmp_path: Path) -> Parts:
    """Return what a rebuild needs, with 40 passages in the store."""
    library.add_many(40)
    return Parts(database, encoder, tmp_path / "home", lambda: NOW, chroma_url=server, vectors_from=1)


def test_the_collection_on_the_server_finds_what_the_exact_scan_finds(parts: Parts) -> None:
    vector = parts.encoder.encode(["topic 7 words"])[0]
    exact = DenseIndex(parts.database, parts.encoder).nearest(vector, EVERYONE, 5)
    rebuild(parts)
    index = DenseIndex(parts.database, parts.encoder, chroma_url=parts.chroma_url, crossover=1)
    assert index._serving is not None
    index._serving.open_now()

    found = index.nearest(vector, EVERYONE, 5)

    assert [one.passage_id for one in found] == [one.passage_id for one in exact]
    assert "chroma" in index.describe()
    index.close()


def test_without_the_server_the_exact_scan_answers(parts: Parts) -> None:
    rebuild(parts)
    gone = replace(parts, chroma_url="http://127.0.0.1:9")
    index = DenseIndex(gone.database, gone.encoder, chroma_url=gone.chroma_url, crossover=1)
    vector = parts.encoder.encode(["topic 7 words"])[0]
    index.nearest(vector, EVERYONE, 5)
    index.close()

    assert index.nearest(vector, EVERYONE, 1)[0].passage_id == "n7"


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            if httpx.get(f"{address}/api/v2/heartbeat", timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.25)
    pytest.fail("the Chroma server did not come up")
