"""Questions that a language model wrote for passages, as examples for the router: each passage's kind is its route."""

from collections.abc import Sequence

from flywheel.curation.model_questions import proposed
from flywheel.learning.router import Example
from flywheel.model import RETRIEVER_OF
from flywheel.ports import Encoder, LanguageModel
from flywheel.store.materials import Material


def written(model: LanguageModel, encoder: Encoder, found: Sequence[Material]) -> list[Example]:
    """Return questions that the model wrote; none where it cannot be reached."""
    return [
        Example(text, RETRIEVER_OF[one.kind].value, one.document_id) for one, text in proposed(model, encoder, found)
    ]
