"""Make an answer row of a draft: what was said, and the versions of everything that had a part in it."""

from importlib.metadata import version

from flywheel.answering import metering
from flywheel.answering.draft import Draft, Watch
from flywheel.core import Core
from flywheel.model import Answer


def finished(core: Core, draft: Draft, watch: Watch) -> Answer:
    """Return the answer of a draft, without the ids of itself and its question."""
    written = draft.written
    used_model = core.language_model is not None and written.writer == core.language_model.name
    return Answer(
        id="",
        question_id="",
        text=written.text,
        abstained=draft.abstained,
        confidence=draft.confidence,
        writer=written.writer,
        citations=written.citations,
        route=draft.route,
        versions={
            **draft.versions,
            "code": version("flywheel-slack"),
            "encoder": core.encoder.name,
            "writer": "grounded" if used_model else written.writer,
            **({"model": core.language_model.name} if core.language_model is not None else {}),
        },
        timings_ms=watch.timings(),
        trace=draft.trace,
        verified_answer_id=draft.verified_id,
        answered_at=core.now(),
        routing=draft.routing,
        pictures=written.pictures,
        usage=metering.spent(core),
    )
