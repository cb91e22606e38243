"""What a serving process carries: nothing that training needs."""

import subprocess
import sys
from pathlib import Path

from tests.acceptance.workplace import clean_environment, flywheel

TRAINING = {
    *("torch", "transformers", "sentence_transformers", "sklearn", "lightgbm", "scipy", "joblib", "matplotlib"),
    "chromadb",  # in a process of its own
}
ANSWER_AND_LIST = """
import sys
from starlette.testclient import TestClient
from bot.serving import started
from bot.settings import Settings
from flywheel.curation.review_queue import raise_alarms
from flywheel.measurement.watch import watch

with started(Settings.read()) as running, TestClient(running.api) as doors:
    doors.headers["Authorization"] = "Bearer acceptance-token"
    reply = doors.post("/v1/ask", json={"question": "How do I get on the VPN?", "user_id": "U2"})
    assert reply.status_code == 200, reply.text
    assert reply.json()["citations"], reply.text
    for door in ("models", "reviews", "records", f"credit/{reply.json()['request_id']}",
                 *(f"flywheel/training-candidates?format={form}" for form in ("json", "triplets", "graded"))):
        assert doors.get(f"/v1/{door}").status_code == 200, door
    watch(running.core)
    raise_alarms(running.core)
print("\\n".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def test_a_process_that_answers_loads_nothing_for_training(documents: Path, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path)
    flywheel(environment, "index", str(documents))

    done = subprocess.run(
        [sys.executable, "-c", ANSWER_AND_LIST], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"onnxruntime", "tantivy", "sqlalchemy"} <= loaded
    assert not loaded & TRAINING
