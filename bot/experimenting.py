"""Experiments as administrators see them: what runs, how it stands, what was concluded."""

from bot.blocks.experiment import Shown, experiments_message
from bot.blocks.message import Message
from flywheel.core import Core
from flywheel.measurement.experiments.analysis import analyse
from flywheel.measurement.experiments.conclusion import standing, subject
from flywheel.measurement.experiments.telling import velocity, velocity_words
from flywheel.store import experiments
from flywheel.store.database import Session
from flywheel.store.experiments import Experiment, State


def overview(core: Core) -> Message:
    """Render all experiments, the newest first."""
    now = core.now()
    with core.database.read() as db:
        known = experiments.listed(db)
        shown = [_shown(db, one, core) for one in reversed(known)]
    return experiments_message(shown, velocity_words(velocity(known, now)))


def _shown(db: Session, one: Experiment, core: Core) -> Shown:
    told = standing(one, analyse(db, one, core.now())) if one.state is State.RUNNING else one.conclusion
    adopted = f" Adopted: {one.adopted}." if one.adopted else ""
    winner = "" if one.adopted else str(one.result.get("winner") or "")
    return Shown(one.id, one.state.value, subject(one), (told or one.hypothesis) + adopted, winner)
