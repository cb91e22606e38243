"""The Web API over HTTP: arguments in, token checked, faults applied, envelope out.

A refused call is HTTP 200 with `ok: false`; only rate limits and prepared faults use another status. To lose a
reply the call runs and then its connection is cut, which is what a crashing proxy looks like to the client.
"""

import asyncio
import json
from datetime import UTC
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.simulator.connection import LostReply
from bot.simulator.errors import RateLimited, SlackError
from bot.simulator.faults import Fault
from bot.simulator.journal import CallRecord
from bot.simulator.simulator import Simulator
from bot.simulator.webapi.call import Call, Json
from bot.simulator.webapi.methods import METHODS, Method


async def answer(simulator: Simulator, request: Request) -> Response:
    """Answer one Web API call."""
    method = request.path_params["method"]
    try:
        args = arguments(request, await request.body())
    except SlackError as error:
        return _refusal(error)
    token = _token(request, args)
    fault = simulator.faults.take(method)
    if fault is not None and fault.delay:
        await asyncio.sleep(fault.delay)
    if fault is not None and (fault.error or fault.status != 200):
        _record(simulator, method, args, fault.error or f"http_{fault.status}")
        return _broken(fault)
    response = await run_in_threadpool(_perform, simulator, method, args, token)
    return LostReply() if fault is not None and fault.lose_reply else response


def arguments(request: Request, body: bytes) -> Json:
    """Merge the query, a form body and a JSON body; raises SlackError invalid_json or json_not_object."""
    merged: Json = dict(request.query_params)
    text = body.decode("utf-8", "replace")
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = json.loads(text or "{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        return merged | given
    return merged | dict(parse_qsl(text, keep_blank_values=True))


def _perform(simulator: Simulator, method: str, args: Json, token: str) -> Response:
    try:
        found = _method(method)
        if method != "api.test":
            _check_kind(simulator, token, found)
        call = Call(simulator, method, args)
        if found.scope:
            call.need(found.scope)
        with simulator.workspace.lock:
            reply = {"ok": True, **found.answer(call)}
            encoded = json.dumps(reply)
    except RateLimited as limit:
        _record(simulator, method, args, limit.code)
        return JSONResponse({"ok": False, "error": limit.code}, 429, {"Retry-After": str(limit.retry_after)})
    except SlackError as error:
        _record(simulator, method, args, error.code)
        return _refusal(error)
    _record(simulator, method, args, "")
    return Response(encoded, headers=_headers(simulator, found.scope), media_type="application/json")


def _method(name: str) -> Method:
    found = METHODS.get(name)
    if found is None:
        raise SlackError("unknown_method", extra={"req_method": name})
    return found


def _check_kind(simulator: Simulator, token: str, method: Method) -> None:
    if not method.configures:
        check_token(simulator, token, app_level=method.app_level)
    elif token != simulator.install.config_token:
        raise SlackError("not_authed" if not token else "not_allowed_token_type")


def check_token(simulator: Simulator, token: str, *, app_level: bool) -> None:
    """Raise SlackError not_authed, invalid_auth, token_revoked or not_allowed_token_type."""
    install = simulator.install
    if not token:
        raise SlackError("not_authed")
    if token not in (install.bot_token, install.app_token):
        raise SlackError("invalid_auth")
    if (token == install.app_token) != app_level:
        raise SlackError("not_allowed_token_type")
    if token == install.bot_token and simulator.revoked:
        raise SlackError("token_revoked")


def _token(request: Request, args: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = str(args.pop("token", ""))
    return token.strip() if scheme.lower() == "bearer" else given


def _refusal(error: SlackError) -> Response:
    body: dict[str, Any] = {"ok": False, "error": error.code, **error.extra}
    if error.messages:
        body["response_metadata"] = {"messages": list(error.messages)}
    return JSONResponse(body)


def _broken(fault: Fault) -> Response:
    status = 429 if fault.error in ("ratelimited", "rate_limited") and fault.status == 200 else fault.status
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after or status == 429 else {}
    if status >= 500 and not fault.error:
        return Response("upstream connect error", status, headers, "text/plain")
    error = fault.error or ("ratelimited" if status == 429 else "internal_error")
    return JSONResponse({"ok": False, "error": error}, status, headers)


def _headers(simulator: Simulator, scope: str) -> dict[str, str]:
    return {
        "date": format_datetime(simulator.workspace.clock.now().astimezone(UTC), usegmt=True),
        "x-oauth-scopes": ",".join(sorted(simulator.install.scopes)),
        "x-accepted-oauth-scopes": scope,
        "x-slack-req-id": simulator.workspace.ids.fresh("", 16).lower(),
    }


def _record(simulator: Simulator, method: str, args: Json, error: str) -> None:
    at = simulator.workspace.clock.seconds()
    simulator.journal.add_call(CallRecord(method, args, not error, error, at))
