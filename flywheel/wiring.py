"""Where ports meet gateways: a plan becomes a core.

Nothing here imports torch, transformers, scikit-learn, chromadb or openai; the gateways load those that they need
when they first need them.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom

from flywheel.core import Core
from flywheel.errors import ConfigurationError
from flywheel.gateways import generations
from flywheel.gateways.cross_encoder import open_scorer
from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.encoder import open_encoder
from flywheel.gateways.openai_chat import OpenAIChat, Prices
from flywheel.gateways.picture_reader import RapidPictureReader
from flywheel.gateways.ragas_judge import RagasJudge
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.gateways.telemetry import open_telemetry
from flywheel.gateways.tower import MODELS, ScorerWithModels, served
from flywheel.gateways.vision import OpenAIVision
from flywheel.measurement.judge.model_judge import ModelJudge
from flywheel.ports import Directory, Encoder, Judge, LanguageModel, Panel, Reach, Standing, VisionModel
from flywheel.store import members, verified
from flywheel.store.database import Database

_DEFAULT_MODEL = "gpt-4o-mini"


@dataclass(frozen=True, slots=True)
class ModelServer:
    """An OpenAI-compatible server. `base_url` None means OpenAI's own.

    `prices` are US dollars per million prompt and completion tokens.
    """

    api_key: str
    base_url: str | None
    model: str | None
    prices: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a core is built from. `collector` is the base address of an OpenTelemetry collector.

    `judges` are `model` and `ragas`; neither judges without a `model_server`.
    """

    home: Path
    database_url: str
    chroma_url: str | None = None
    embedder: str | None = None
    cross_encoder: str | None = None
    model_server: ModelServer | None = None
    judges: tuple[str, ...] = ("model",)
    judge_calls: int = 300
    ragas_python: str | None = None
    collector: str | None = None
    admins: frozenset[str] = frozenset()


class StoredDirectory:
    """A `Directory` of memberships as last seen; for commands that run without Slack."""

    def __init__(self, database: Database) -> None:
        """Read from this store."""
        self._database = database

    def channels_of(self, person: str) -> frozenset[str]:
        """Return the channels where this person was last seen."""
        with self._database.read() as db:
            return members.channels_of(db, person)

    def members_of(self, channel: str) -> None:
        """Know no whole list: only those who asked were ever looked up."""

    def standing_of(self, person: str) -> Standing:
        """Return what was noted of this person."""
        with self._database.read() as db:
            return members.standing_of(db, person)

    def reach_of(self, channel: str) -> Reach:  # noqa: ARG002 - the port's signature
        """Take every channel for a public one."""
        return Reach.COMPANY


def utc_now() -> datetime:
    """Return the time; the only clock outside tests."""
    return datetime.now(UTC)


def open_database(plan: Plan) -> Database:
    """Make the data folder where needed, and bring the schema up to date.

    Raises:
        ConfigurationError: the data folder cannot be written.
    """
    try:
        plan.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"FLYWHEEL_HOME: {plan.home} cannot be made: {error.strerror}") from error
    database = Database(plan.database_url)
    database.migrate()
    return database


def open_core(
    plan: Plan,
    directory: Callable[[Database], Directory] = StoredDirectory,
    *,
    now: Callable[[], datetime] = utc_now,
    rng: Random | None = None,
    warm: bool = False,
) -> Core:
    """Open the store, the encoder and the indexes; `warm` loads the indexes now, not with the first question.

    Raises:
        ConfigurationError: the plan names something that is not there.
        ArtefactError: the files of the encoder or the cross-encoder are not what was published or exported.
    """
    database = open_database(plan)
    models = plan.home / MODELS
    encoder = served(database, open_encoder(plan.embedder), models)
    vectors = DenseIndex(database, encoder, home=plan.home, chroma_url=plan.chroma_url)
    words = TantivyIndex(database, plan.home)
    if warm:
        vectors.refresh()
        words.refresh()
    core = Core(
        database=database,
        encoder=encoder,
        vectors=vectors,
        words=words,
        directory=directory(database),
        language_model=language_model(plan),
        now=now,
        rng=rng or SystemRandom(),
        admins=plan.admins,
        picture_reader=RapidPictureReader(),
        vision=vision(plan),
        pair_scorer=ScorerWithModels(open_scorer(plan.cross_encoder), models) if plan.cross_encoder else None,
        panel=panel(plan, encoder),
        tracer=open_telemetry(plan.collector),
    )
    _encode_verified_anew(core)
    return core


def close_core(core: Core) -> None:
    """Give back files, locks and connections."""
    for part in (core.vectors, core.words, core.picture_reader, core.tracer, *core.panel.judges):
        close = getattr(part, "close", None)
        if close is not None:
            close()
    core.database.close()


def language_model(plan: Plan) -> LanguageModel | None:
    """Return the language model of this plan, or None: then the extractive writer answers."""
    return _chat(plan)


def panel(plan: Plan, encoder: Encoder) -> Panel:
    """Return who judges answers, and what a turn may spend on it; nobody without a language model.

    Raises:
        ConfigurationError: Ragas is to judge, and is not installed.
    """
    chat = _chat(plan)
    if chat is None:
        return Panel()
    judges: list[Judge] = [ModelJudge(chat, SystemRandom())] if "model" in plan.judges else []
    if "ragas" in plan.judges:
        judges.append(RagasJudge(chat, encoder, plan.ragas_python or sys.executable))
    return Panel(tuple(judges), plan.judge_calls)


def vision(plan: Plan) -> VisionModel | None:
    """Return what describes pictures: the language model of this plan, if there is one. It may turn out to be blind."""
    chat = _chat(plan)
    return OpenAIVision(chat, SystemRandom()) if chat is not None else None


def _chat(plan: Plan) -> OpenAIChat | None:
    if plan.model_server is None:
        return None
    server = plan.model_server
    chat = OpenAIChat(api_key=server.api_key, base_url=server.base_url, model=server.model or _DEFAULT_MODEL)
    chat.prices = Prices(*server.prices) if server.prices is not None else None
    return chat


def _encode_verified_anew(core: Core) -> None:
    with core.database.read() as db:
        stale = verified.under_other_encoders(db, core.encoder.name)
    if not stale:
        return
    vectors = core.encoder.encode([one.question for one in stale])
    with core.database.begin() as db:
        for one, vector in zip(stale, vectors, strict=True):
            verified.place(db, one.id, core.encoder.name, vector)


def reindex_when_due(core: Core, plan: Plan) -> bool:
    """Build the indexes anew when much has come since they were built; return whether they were."""
    parts = _index_parts(core, plan)
    due = generations.worth_rebuilding(parts)
    if due:
        generations.rebuild(parts)
    return due


def reindex(core: Core, plan: Plan) -> generations.Rebuilt:
    """Build the indexes anew from the store.

    Raises:
        IndexUnavailable: a build failed its check; what served goes on serving.
    """
    return generations.rebuild(_index_parts(core, plan))


def _index_parts(core: Core, plan: Plan) -> generations.Parts:
    return generations.Parts(core.database, core.encoder, plan.home, core.now, plan.chroma_url)
