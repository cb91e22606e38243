"""Put a report where people read it: the report channel, with its chart, once; or the terminal.

The message is a job like every other outgoing message. A running bot sends it; where none runs, this process does.
"""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import outbox
from bot.blocks.report import models_in, report_message
from bot.outbox import POST_JOB, TIMEOUT_SECONDS, Outbox, Outgoing, slack_client
from bot.releasing import shown
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import ConfigurationError, FlywheelError, NotFound
from flywheel.measurement.chart import alt_text, chart
from flywheel.measurement.report import report as make_report
from flywheel.store import jobs, reports
from flywheel.store.jobs import Job, JobState

_LOG = logging.getLogger(__name__)
_TURN_OF_THE_BOT = 5.0
_LOOK_EVERY = 0.25
_LEASE = timedelta(seconds=TIMEOUT_SECONDS * 6)
_ATTEMPTS = 5


def post_latest(core: Core, settings: Settings) -> str:
    """Post the newest report into the report channel; return a sentence. A report that stands there stays alone.

    Raises:
        ConfigurationError: no workspace or no report channel is set.
        NotFound: no report has been made.
        FlywheelError: Slack refused the message; the reason is its error.
    """
    channel = settings.flywheel_report_channel
    if settings.slack_bot_token is None or not channel:
        raise ConfigurationError("set SLACK_BOT_TOKEN and FLYWHEEL_REPORT_CHANNEL to post reports")
    with core.database.read() as db:
        newest = reports.newest(db)
        if newest is None:
            raise NotFound("no report has been made yet; run a turn")
        posted = reports.posted_at(db, newest.id)
    if posted is not None:
        return f"The report of {newest.period} stands in {posted[0]} already."
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    content = {**newest.content, **_uploaded_chart(client, newest.content)}
    outgoing = Outgoing(
        key=f"report:{newest.id}", message=report_message(content, shown(core, models_in(content))), channel=channel
    )
    with core.database.begin() as db:
        outbox.put(db, outgoing, core.now())
    place = _delivered(core, client, outgoing)
    with core.database.begin() as db:
        reports.mark_posted(db, newest.id, place["channel"], place["ts"])
    return f"The report of {newest.period} is posted in {channel}."


def show(core: Core, settings: Settings, chart_file: Path | None) -> str:
    """Make this week's report and return it as lines of text; write its chart where asked."""
    content = make_report(core, settings.flywheel_report_channel).content
    if chart_file is not None:
        chart_file.write_bytes(chart(content))
    lines = [content["title"], ""]
    lines += [f"{one['name']:<16}{one['value']:<10}{one['note']}" for one in content["figures"]]
    lines += [_verdict(one, "evidence") for one in content["verdicts"]]
    return "\n".join([*lines, *filter(None, [content["untried"]]), *content["notes"]])


def verdicts(core: Core, turn_id: str) -> list[str]:
    """Return a line for each learner of a turn that was tried, in short, and one for the others."""
    with core.database.read() as db:
        newest = reports.newest(db)
    if newest is None or newest.turn_id != turn_id:
        return []
    tried = [_verdict(one, "short") for one in newest.content["verdicts"]]
    return [*tried, *filter(None, [newest.content["untried"]])]


def _verdict(one: Mapping[str, str], why: str) -> str:
    return f"{one['learner']}: {one['outcome']}. {one[why]}"


def _uploaded_chart(client: WebClient, content: Mapping[str, Any]) -> dict[str, str]:
    alt = alt_text(content)
    try:
        uploaded = client.files_upload_v2(file=chart(content), filename="report.png", title="Report", alt_txt=alt)
    except SlackApiError as error:
        _LOG.warning("the report goes without its chart: %s", error.response.get("error"))
        return {}
    return {"chart": str(uploaded["files"][0]["id"]), "chart_alt": alt}


def _delivered(core: Core, client: WebClient, outgoing: Outgoing) -> Mapping[str, str]:
    job_id = f"{POST_JOB}:{outgoing.key}"
    deadline = time.monotonic() + _TURN_OF_THE_BOT
    while time.monotonic() < deadline:
        with core.database.read() as db:
            job = jobs.find(db, job_id)
        if job is not None and job.state is JobState.DONE:
            return _place(job)
        time.sleep(_LOOK_EVERY)
    return _sent_here(core, client, job_id)


def _sent_here(core: Core, client: WebClient, job_id: str) -> Mapping[str, str]:
    sender = Outbox(client, core.database, core.now)
    for _ in range(_ATTEMPTS):
        with core.database.begin() as db:
            job = jobs.claim(db, core.now(), _LEASE, job_id)
        if job is None:
            break
        try:
            place = sender.send(job)
        except outbox.Refused as error:
            with core.database.begin() as db:
                jobs.bury(db, job, core.now(), str(error))
            raise
        except outbox.Paced as later:
            with core.database.begin() as db:
                jobs.postpone(db, job, later.run_at)
            time.sleep(max(0.0, (later.run_at - core.now()).total_seconds()))
            continue
        except outbox.Unclear as unclear:
            with core.database.begin() as db:
                jobs.retry(db, job, core.now(), str(unclear), sending=True)
            time.sleep(TIMEOUT_SECONDS)
            continue
        with core.database.begin() as db:
            jobs.finish(db, job, core.now(), place)
        return _place_of(place)
    raise FlywheelError(f"the report could not be delivered; its job is {job_id}")


def _place(job: Job) -> Mapping[str, str]:
    return _place_of(job.result)


def _place_of(result: Mapping[str, Any]) -> Mapping[str, str]:
    return {"channel": str(result["channel"]), "ts": str(result["ts"])}
