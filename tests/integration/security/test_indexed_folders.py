"""Folders with `.flywheel.yml` files and `--access` at random, indexed as people index them and asked through `/v1`.

Who may read a file is worked out here by itself: the nearest file that names labels, bounded by the command.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from starlette.testclient import TestClient

from bot.api import Serving, create_api
from flywheel.core import Core
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from tests.integration.security.worlds import Reader, World, labels_at_random, world_at_random
from tests.parts import make_core

SEEDS = range(2)
TOKEN = "the-token"


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request: pytest.FixtureRequest) -> World:
    return world_at_random(100 + request.param)


@pytest.fixture
def core(world: World, tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, directory=world.people)
    yield made
    made.database.close()


@pytest.fixture
def client(core: Core) -> TestClient:
    return TestClient(
        create_api(Serving(core, TOKEN, lambda _: None, dict)), headers={"Authorization": f"Bearer {TOKEN}"}
    )


def test_the_doors_show_what_may_be_read_and_all_of_it(
    world: World, core: Core, client: TestClient, tmp_path: Path
) -> None:
    for number, bound in enumerate([None, frozenset({"channel:C1", "user:U1"})]):
        root = tmp_path / f"place-{number}"
        grow(world, root, bound, bound, depth=2)
        ingest(core, [root], bound, Silence())

    assert looked(world, client) == ([], [])


def test_labels_that_change_in_a_folder_count_after_the_next_index(
    world: World, core: Core, client: TestClient, tmp_path: Path
) -> None:
    root = tmp_path / "place"
    grow(world, root, None, None, depth=1)
    ingest(core, [root], None, Silence())
    for file in root.rglob(".flywheel.yml"):
        file.unlink()
    (root / ".flywheel.yml").write_text("access: [user:U2]\n")
    world.access = {handle: frozenset({"user:U2"}) for handle in world.access}
    ingest(core, [root], None, Silence())

    assert looked(world, client) == ([], [])


def grow(world: World, folder: Path, said: frozenset[str] | None, bound: frozenset[str] | None, depth: int) -> None:
    """Write files, a list and folders; `said` holds what the nearest `.flywheel.yml` above names."""
    folder.mkdir()
    if world.rng.random() < 0.6:
        said = labels_at_random(world.rng, world.people.channels)
        (folder / ".flywheel.yml").write_text(f"access: {json.dumps(sorted(said))}\n")
    labels = within(bound, said)
    for number in range(2):
        handle, text = written(world, labels)
        (folder / f"file-{number}.md").write_text(f"# {secret_of(text)}\n\n{text}\n")
    handle, text = written(world, labels)
    (folder / "list.jsonl").write_text(json.dumps({"_id": handle, "title": secret_of(text), "text": text}) + "\n")
    for number in range(2 if depth else 0):
        grow(world, folder / f"sub-{number}", said, bound, depth - 1)


def within(bound: frozenset[str] | None, said: frozenset[str] | None) -> frozenset[str]:
    """Return the labels that are left, none where nobody may read (the product refuses such a file)."""
    if bound is None or said is None:
        return bound or said or frozenset({"public"})
    return bound if "public" in said else said & bound


def written(world: World, labels: frozenset[str]) -> tuple[str, str]:
    """Return a handle and a text that tells its secret."""
    handle, secret = (f"{kind}{world.rng.getrandbits(40):010x}" for kind in ("handle", "secret"))
    world.secrets[secret] = handle
    world.access[handle] = labels
    filler = " ".join(Random(handle).choices(["plan", "team", "office", "week", "visitor"], k=6))
    return handle, f"The {handle} rule is {secret} for every {filler}."


def secret_of(text: str) -> str:
    """Return the secret in a text."""
    return next(word for word in text.split() if word.startswith("secret"))


def looked(world: World, client: TestClient) -> tuple[list[str], list[str]]:
    """Search and ask for every document as everybody; return what leaked and what was missed."""
    leaks: list[str] = []
    missed: list[str] = []
    for reader in world.readers():
        for handle in world.access:
            found = searched(client, reader, handle)
            leaks += world.leaked(reader, found)
            missed += [handle] if world.may_read(reader, handle) and handle not in json.dumps(found) else []
        leaks += world.leaked(reader, asked(client, reader, world.rng.choice(sorted(world.access))))
    return leaks, missed


def searched(client: TestClient, reader: Reader, handle: str) -> object:
    body = {"query": f"the {handle} rule", "user_id": reader.person, "channel_id": reader.channel}
    return client.post("/v1/search", json=body).json()["passages"]


def asked(client: TestClient, reader: Reader, handle: str) -> object:
    """Ask twice in one thread, the second time leaning on the first."""
    body = {"user_id": reader.person or "nobody", "channel_id": reader.channel, "thread_id": f"t-{reader}"}
    first = client.post("/v1/ask", json=body | {"question": f"What is the {handle} rule?"}).json()
    return first, client.post("/v1/ask", json=body | {"question": "And why is it so?"}).json()
