"""The bot's face at a later time, for what waits for hours or days."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.directory import SlackDirectory
from bot.face import Face
from bot.identity import whoami
from bot.outbox import Outbox, slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.store import jobs
from flywheel.store.jobs import Job
from tests.integration.bot.world import People, eventually, install_at


def face_at(people: People, core: Core, now: datetime) -> Face:
    """Return the bot's face as it is at a time."""
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    later = replace(core, now=lambda: now, directory=SlackDirectory(client, core.database, lambda: now))
    return Face(later, client, whoami(client), ask, lambda: None, lambda _: None)


def waiting(core: Core, job_id: str) -> Job:
    """Return a job once it is stored."""

    def look() -> Job | None:
        with core.database.read() as db:
            return jobs.find(db, job_id)

    found = eventually(look)
    assert isinstance(found, Job)
    return found


def post(face: Face, key: str) -> bool:
    """Post what was stored to be said at the face's time; return False when nothing waits under this key."""
    now = face.core.now()
    with face.core.database.begin() as db:
        job = jobs.claim(db, now, timedelta(minutes=1), f"post:{key}")
    if job is None:
        return False
    where = Outbox(face.client, face.core.database, face.core.now).send(job)
    with face.core.database.begin() as db:
        jobs.finish(db, job, now, where)
    return True
