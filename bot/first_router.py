"""Train the first router after indexing, in a process of its own: a bot that goes on to serve carries no trainer."""

import os
import subprocess
import sys

from flywheel.wiring import Plan

COMMAND = "first-router"


def train_aside(plan: Plan) -> str:
    """Run the training for this plan's data folder and return what it says, empty where there was nothing to train.

    A failure is said too; it stops nobody, because without a router every question searches everywhere.
    """
    command = [sys.executable, "-m", "bot", COMMAND]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=_environment(plan), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        return f"The router could not be trained: {last}"
    return done.stdout.strip()


def _environment(plan: Plan) -> dict[str, str]:
    """Return variables that make the child work in the same data folder with the same models."""
    given = {
        "FLYWHEEL_HOME": str(plan.home),
        "DATABASE_URL": plan.database_url,
        "CHROMA_URL": plan.chroma_url,
        "FLYWHEEL_EMBEDDER": plan.embedder,
    }
    if plan.model_server is not None:
        server = plan.model_server
        given |= {
            "OPENAI_API_KEY": server.api_key,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_MODEL": server.model,
        }
    return {**os.environ, **{name: value for name, value in given.items() if value}}
