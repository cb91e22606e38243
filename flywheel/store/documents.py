"""Keep documents, who may read them, their passages, and the names of what could not be read.

Every change raises the corpus version in the same unit of work, and the passages it brings carry that version, so that
an index takes over only what is new. What a reader sees comes out filtered by audience; functions without an audience
return ids, hashes, labels, counts and owners, never what a document says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Insert, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from flywheel.model import Audience, Document, Kind, Passage
from flywheel.store.base import Table
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import (
    AccessRow,
    CorpusRow,
    DocumentRow,
    EmbeddingRow,
    PassageRow,
    RefusedDocumentRow,
    RemovedPassageRow,
)
from flywheel.store.passages import readable_by

_BATCH = 500
_LONGEST_NAME = 512
