"""Train the classifier of `flywheel/routing/chatter.py` and say how good it is on what it did not see.

    python -m tests.benchmarks.chatter --data FOLDER [--write]

FOLDER holds slack_irc (CC BY 4.0; Kummerfeld et al., ACL 2019), clinc150 (CC BY 3.0; Larson et al., EMNLP 2019),
banking77 (CC BY 4.0; Casanueva et al., 2020), handbook_wiki and aws_support in the layout of `corpora.py`. Of these and
of our own lines (`workplace_talk.py`, `workplace_questions.py`) only coefficients stay: `--write` puts them into the
package. What nobody trained on: the dev splits, a fifth of the chat's days, a quarter of our own patterns, and
`tests/support/unheard.py`. Questions in the chat that nobody is named in and that open no conversation could be either,
so they count as neither.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # no types
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from flywheel.gateways.encoder import open_encoder
from flywheel.routing import chatter
from flywheel.routing.chatter_forms import BUCKETS, forms
from flywheel.routing.chatter_signs import SIGNS, signs
from tests.benchmarks import workplace_questions, workplace_talk
from tests.benchmarks.corpora import say
from tests.support import unheard

SEED = 7
INVERSE_PENALTY = 0.3
SCALE = 4.0
"""Vectors are multiplied by this before the fit, so that the penalty does not press their components to nothing."""
FORM_SCALE = 0.7
WEIGHTS = {
    "chat": 1.0, "chat_roots": 0.5, "chat_replies": 0.5, "chat_asking": 0.6, "clinc_talk": 0.3, "clinc": 0.8,
    "banking": 0.6, "handbook": 1.5, "aws": 1.0, "own_questions": 3.0, "own_talk": 4.0, "own_about": 2.5,
    "own_elliptic": 3.0,
}  # fmt: skip
"""How much an example counts, by where it is from: our own lines are few, and nearest to what is heard at work."""

_CLINC_TALK = """
greeting goodbye thank_you tell_joke fun_fact how_old_are_you what_are_your_hobbies what_is_your_name maybe yes no
do_you_have_pets are_you_a_bot meaning_of_life who_made_you where_are_you_from flip_coin roll_dice repeat cancel
who_do_you_work_for text make_call play_music next_song whisper_mode change_volume share_location change_ai_name
change_accent change_speed timer alarm reminder_update find_phone
"""
_CLINC_QUESTIONS = """
pto_balance pto_request_status pto_request pto_used insurance insurance_change payday w2 rollover_401k next_holiday
taxes income direct_deposit vaccines international_visa travel_alert carry_on international_fees pin_change
replacement_card_duration report_fraud card_declined account_blocked oil_change_how tire_pressure jump_start
exchange_rate plug_type reset_settings sync_device order_checks improve_credit_score credit_limit_change how_busy
damaged_card cook_time ingredient_substitution definition interest_rate new_card application_status
"""
_ASKS = re.compile(r"\W*(?:how|what|where|why|when|who|which|is|are|do|does|can|could)\b", re.IGNORECASE)
_NICK = re.compile(r"@?([\w\-\[\]\\`^{}|]+)\s?[,:]\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A message, whether it is a question to everybody, where it is from, and whether it is kept from training."""

    text: str
    asks: bool
    source: str
    held_out: bool


def main() -> None:
    """Train, measure, and write the coefficients where they are wanted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, help="The folder that holds the sets.")
    parser.add_argument("--write", action="store_true", help="Put the coefficients into the package.")
    given = parser.parse_args()
    encoder, lines = open_encoder(), [*gathered(given.data), *own(Random(SEED))]
    vectors = encoder.encode([one.text for one in lines])
    measured = chatter.packed(encoder.name, heads(lines, vectors, held_out=False))
    report(chatter.unpacked(measured), lines, vectors)
    unseen = [Line(text, False, "unheard", True) for text in unheard.TALK]
    unseen += [Line(text, True, "unheard", True) for text in unheard.QUESTIONS]
    report(chatter.unpacked(measured), unseen, encoder.encode([one.text for one in unseen]))
    if given.write:
        chatter.FILE.write_text(json.dumps(chatter.packed(encoder.name, heads(lines, vectors, held_out=True))) + "\n")


def heads(lines: list[Line], vectors: Any, *, held_out: bool) -> dict[str, chatter.Head]:
    """Return the fitted heads; with `held_out`, trained on everything."""
    kept = np.array([held_out or not one.held_out for one in lines])
    first = np.array([one.source != "own_elliptic" for one in lines])
    nothing = np.zeros((len(lines), 0), dtype=np.float32)
    return {
        chatter.OPEN: _head(lines, vectors, kept & first),
        chatter.THREAD: _head(lines, vectors, kept),
        f"plain_{chatter.OPEN}": _head(lines, nothing, kept & first),
        f"plain_{chatter.THREAD}": _head(lines, nothing, kept),
    }


def report(model: chatter.Chatter, lines: list[Line], vectors: Any) -> None:
    """Say, of what was held out, how much of each source is taken for a question; follow-ups by their own head."""
    rows = [row for row, one in enumerate(lines) if one.held_out]
    told = np.array([model.likely(_judge(lines[row]), lines[row].text, vectors[row]) for row in rows])
    truth = np.array([lines[row].asks for row in rows])
    say(f"held out: {len(rows)} messages, AUC {roc_auc_score(truth, told):.3f}")
    for source in sorted({lines[row].source for row in rows}):
        for asks in (True, False):
            mine = np.array([lines[row].source == source and lines[row].asks is asks for row in rows])
            if mine.any():
                shares = ", ".join(f"{(told[mine] >= line).mean():.3f} from {line}" for line in (0.5, 0.7, 0.9))
                say(f"  {source:14} {'questions' if asks else 'talk':9} n {int(mine.sum()):5}  taken: {shares}")


def _judge(line: Line) -> str:
    return chatter.THREAD if line.source == "own_elliptic" else chatter.OPEN


def own(rng: Random) -> list[Line]:
    """Return our own lines; a quarter of the patterns and matters is held out."""
    made = [(text, matter, True, "own_questions") for text, matter in workplace_questions.made(rng)]
    made += [(text, group, True, "own_elliptic") for text, group in workplace_questions.elliptic(rng)]
    about = [*workplace_talk.ABOUT_ACTS, *workplace_talk.ABOUT_NOUNS]
    for pattern in [*workplace_talk.TALK, *about]:
        times, source = (20, "own_about") if pattern in about else (6 if "{" in pattern else 1, "own_talk")
        texts = {workplace_talk.filled(pattern, rng) for _ in range(times)}
        made += [(text, pattern, False, source) for text in sorted(texts)]
    groups = sorted({group for _, group, _, _ in made})
    held = set(rng.sample(groups, len(groups) // 4))
    return [Line(text, asks, source, group in held) for text, group, asks, source in made]


def gathered(data: Path) -> Iterator[Line]:
    """Yield what the data sets give."""
    rng = Random(SEED)
    yield from _chat(data / "slack_irc", rng)
    for one in _queries(data / "clinc150"):
        if one["label"] in _CLINC_TALK.split():
            yield Line(one["text"], False, "clinc_talk", one["split"] != "train")
        elif one["label"] in _CLINC_QUESTIONS.split() and rng.random() < 0.5:
            yield Line(one["text"], True, "clinc", one["split"] != "train")
    for one in _queries(data / "banking77"):
        if rng.random() < 0.12 and _ASKS.match(one["text"]):
            yield Line(one["text"], True, "banking", one["split"] != "train")
    for name, source, share in (("handbook_wiki", "handbook", 1.0), ("aws_support", "aws", 0.3)):
        for one in _queries(data / name):
            if one["text"].rstrip().endswith("?") and rng.random() < share:
                yield Line(one["text"], True, source, one["split"] != "train")


def _chat(folder: Path, rng: Random) -> list[Line]:
    openers = {re.sub(r"\s+", " ", one["text"]).strip()[:40] for one in _queries(folder)}
    nicks = {one["name"].lower() for one in json.loads((folder / "slack_export/users.json").read_text())}
    asked: list[tuple[str, bool]] = []
    roots: list[tuple[str, bool]] = []
    replies: list[tuple[str, bool]] = []
    for number, file in enumerate(sorted((folder / "slack_export/ubuntu").glob("*.json"))):
        for message in json.loads(file.read_text()):
            text, is_root = _slackish(message["text"], nicks), message.get("thread_ts") == message["ts"]
            kept = (text, number % 5 == 0)
            (asked if is_root and text[:40] in openers else roots if is_root else replies).append(kept)
    named = [one for one in replies if "?" in one[0] and "@U" in one[0]]
    stated = [one for one in replies if "?" not in one[0]]
    quiet = [one for one in roots if "?" not in one[0] or "@U" in one[0]]
    chosen = (("chat", asked), ("chat_roots", rng.sample(quiet, 1_500)), ("chat_replies", rng.sample(stated, 4_000)),
              ("chat_asking", rng.sample(named, 2_000)))  # fmt: skip
    return [Line(text, name == "chat", name, held) for name, lines in chosen for text, held in lines]


def _slackish(text: str, nicks: set[str]) -> str:
    """Return a line of IRC as it would stand in Slack, where a nick in front is a mention."""
    text = re.sub(r"\s+", " ", text).strip()
    named = _NICK.match(text)
    return f"@U{named[1].upper()[:6]} {text[named.end() :]}" if named and named[1].lower() in nicks else text


def _queries(folder: Path) -> list[dict[str, Any]]:
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _head(lines: list[Line], vectors: Any, kept: Any) -> chatter.Head:
    told = csr_matrix(np.array([signs(one.text) for one in lines]))
    places = [forms(one.text) for one in lines]
    rows = np.repeat(np.arange(len(lines)), [len(one) for one in places])
    columns = np.concatenate([np.array(one) for one in places])
    built = csr_matrix((np.full(len(rows), FORM_SCALE), (rows, columns)), shape=(len(lines), BUCKETS))
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=3_000).fit(
        hstack([csr_matrix(vectors * SCALE), told, built]).tocsr()[kept],
        np.array([one.asks for one in lines])[kept],
        sample_weight=np.array([WEIGHTS[one.source] for one in lines])[kept],
    )
    weights, width = fitted.coef_[0], vectors.shape[1]
    of_vector, of_signs, of_forms = np.split(weights, [width, width + len(SIGNS)])
    vector = (of_vector * SCALE).astype(np.float32)
    return chatter.Head(vector, of_signs, of_forms * FORM_SCALE, float(fitted.intercept_[0]))


if __name__ == "__main__":
    main()
