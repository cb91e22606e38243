"""Send a message to a `response_url`: one person sees it, for half an hour after what they did, five times at most."""

from dataclasses import replace
from datetime import datetime
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.blocks.message import Message
from bot.calling import TIMEOUT_SECONDS, Paced, Refused, Unclear, seconds
from bot.outgoing import Outgoing
from bot.patience import REFUSED_BLOCKS, sent
from flywheel.store.database import Database


def respond(outgoing: Outgoing, url: str, database: Database, now: datetime) -> None:
    """Send a message once.

    Raises:
        Paced: later; nothing was sent.
        Refused: never; the address is used up.
        Unclear: nobody knows.
    """
    webhook = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

    def send(message: Message) -> Any:
        answer = webhook.send_dict(_response(replace(outgoing, message=message)))
        if answer.status_code == 400 and REFUSED_BLOCKS in answer.body:
            raise SlackApiError(REFUSED_BLOCKS, {"error": REFUSED_BLOCKS})  # type: ignore[no-untyped-call]
        return answer

    try:
        answered = sent(send, outgoing.message, database)
    except SlackApiError as error:
        raise Refused(REFUSED_BLOCKS) from error
    except (OSError, HTTPException) as error:
        raise Unclear(f"{type(error).__name__}: {error}") from error
    if answered.status_code == 429:
        raise Paced(now + seconds(answered.headers))
    if answered.status_code >= 500:
        raise Unclear(f"response_url answered {answered.status_code}")
    if answered.status_code >= 400:
        raise Refused(f"response_url answered {answered.status_code}: {answered.body[:100]}")


def _response(outgoing: Outgoing) -> dict[str, Any]:
    body = {
        "text": outgoing.message.text,
        "blocks": list(outgoing.message.blocks),
        "response_type": "ephemeral",
        "replace_original": outgoing.replace,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return body | ({"thread_ts": outgoing.thread_ts} if outgoing.thread_ts else {})
