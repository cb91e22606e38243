"""`flywheel doctor`: what is missing, one line each, and what to do about it."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

import click

from bot.checks.finding import Finding, Level, Patient
from bot.settings import Settings

_LEAST_FREE_GB = 1.0
"""An index of 10,000 passages may not fit twice, while it is rebuilt, into less."""

_LOOK_AGAIN_SECONDS = 2.0
_LABELS = {Level.OK: "ok ", Level.HINT: "tip", Level.FAULT: "FIX"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--wait", type=click.IntRange(0, 600), default=0, help="Seconds to wait for a first event from Slack.")
@click.option("--least-free", type=float, default=_LEAST_FREE_GB, show_default=True, help="GB of free disk.")
def doctor(*, as_json: bool, wait: int, least_free: float) -> None:
    """Look for what is missing, from the disk to Slack. Exit status 1 when something does not work.

    The bot may be running or not. What a bot token cannot ask Slack, its event subscriptions, is told from what
    arrives; with SLACK_CONFIG_TOKEN (an app configuration token) Slack says it exactly.
    """
    from bot.checkup import examine
    from flywheel.wiring import utc_now

    patient = Patient(Settings.read(), utc_now, int(least_free * 10**9))
    if wait:
        _wait_for_events(patient, wait)
    findings = examine(patient)
    click.echo(json.dumps([asdict(one) for one in findings], indent=1) if as_json else _shown(findings))
    if any(one.level is Level.FAULT for one in findings):
        sys.exit(1)


def _shown(findings: Sequence[Finding]) -> str:
    lines: list[str] = []
    for one in findings:
        lines.append(f"{_LABELS[one.level]}  {one.part:<15} {one.state}")
        if one.advice:
            lines.append(f"     {'':<15} → {one.advice}")
    return "\n".join(lines)


def _wait_for_events(patient: Patient, seconds: int) -> None:
    """Wait until something has arrived, or was refused, or the time is over."""
    from bot.checks.events import look_at_events

    click.echo(f"Write the bot a direct message now; waiting up to {seconds} seconds.", err=True)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(one.level is not Level.HINT for one in look_at_events(patient)):
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
