"""The control API, `/sim/…`: what the page and the tests use to act as people and to bend the rules.

Looking is GET with `?as=U`, doing is POST with a JSON body; what cannot be done is a 4xx with {"error": "…"}.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.simulator import acting, administering, pagefeed, showing, trouble
from bot.simulator.acting import Deed
from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.form import Form
from bot.simulator.simulator import Simulator

Json = dict[str, Any]
_MOST_WAITING_PEOPLE = 200


def routes(simulator: Simulator) -> list[Route]:
    """Return every control route.

    People wait for the app in threads of their own: the app's calls, which they wait for, must not queue behind them.
    """
    threads = CapacityLimiter(_MOST_WAITING_PEOPLE)
    deeds = [Route(f"/sim/{path}", partial(_do, simulator, deed, threads), methods=["POST"]) for path, deed in _DEEDS]
    looks = [
        Route("/sim/state", partial(_look, simulator, lambda _, me: showing.state(simulator, me))),
        Route("/sim/home", partial(_look, simulator, lambda _, me: showing.home(simulator, me))),
        Route("/sim/views", partial(_look, simulator, lambda _, me: showing.views(simulator, me))),
        Route("/sim/channels/{channel}/messages", partial(_look, simulator, partial(_messages, simulator))),
        Route("/sim/channels/{channel}/threads/{ts}", partial(_look, simulator, partial(_thread, simulator))),
        Route("/sim/events", partial(_events, simulator)),
        Route("/sim/calls", partial(_list, lambda r: showing.calls(simulator, r.query_params.get("method", "")))),
        Route("/sim/deliveries", partial(_list, lambda _: showing.deliveries(simulator))),
    ]
    return deeds + looks


_DEEDS: tuple[tuple[str, Deed], ...] = (
    ("messages", acting.post_message),
    ("messages/edit", acting.edit_message),
    ("messages/delete", acting.delete_message),
    ("reactions", acting.react),
    ("actions", acting.click),
    ("options", acting.suggest),
    ("views/{view_id}/submit", acting.submit_view),
    ("views/{view_id}/close", acting.close_view),
    ("commands", acting.run_command),
    ("shortcuts", acting.use_shortcut),
    ("home/open", acting.open_home),
    ("context", acting.look_at),
    ("dm", acting.open_dm),
    ("channels/create", acting.create_channel),
    ("channels/join", acting.join),
    ("channels/invite", acting.invite),
    ("channels/leave", acting.leave),
    ("sessions/stop", acting.stop_session),
    ("people/deactivate", administering.deactivate),
    ("people/reactivate", administering.reactivate),
    ("people/guest", administering.make_guest),
    ("people/partner", administering.add_partner),
    ("channels/share", administering.share_channel),
    ("channels/archive", administering.archive_channel),
    ("channels/delete", administering.delete_channel),
    ("channels/convert", administering.convert_channel),
    ("faults", trouble.prepare),
    ("delivery", trouble.disturb),
    ("limits", trouble.limit),
    ("socket", trouble.hang_up),
    ("verify", trouble.verify),
    ("clock", trouble.advance),
    ("reset", trouble.reset),
)


async def _do(simulator: Simulator, deed: Deed, threads: CapacityLimiter, request: Request) -> Response:
    try:
        form = Form(json.loads(await request.body() or b"{}") | request.path_params)
        return JSONResponse(await run_sync(deed, simulator, form, limiter=threads))
    except (ValueError, TypeError):
        return JSONResponse({"error": "send a JSON object"}, 400)
    except BadRequest as error:
        return JSONResponse({"error": error.reason}, error.status)
    except SlackError as error:
        return JSONResponse({"error": error.code}, 400)


async def _look(simulator: Simulator, look: Callable[[Request, str], Json], request: Request) -> Response:
    asked = dict(request.query_params)
    asked.setdefault("as", simulator.workspace.first_person())
    try:
        me = acting.actor(simulator, Form(asked))
        return JSONResponse(look(request, me))
    except BadRequest as error:
        return JSONResponse({"error": error.reason}, error.status)


async def _list(look: Callable[[Request], Json], request: Request) -> Response:
    return JSONResponse(look(request))


async def _events(simulator: Simulator, request: Request) -> Response:
    try:
        me = acting.actor(simulator, Form(dict(request.query_params)))
    except BadRequest as error:
        return JSONResponse({"error": error.reason}, error.status)
    headers = {"Cache-Control": "no-cache"}
    return StreamingResponse(pagefeed.news(simulator.workspace, me), media_type="text/event-stream", headers=headers)


def _messages(simulator: Simulator, request: Request, me: str) -> Json:
    return showing.messages(simulator, request.path_params["channel"], me)


def _thread(simulator: Simulator, request: Request, me: str) -> Json:
    return showing.thread(simulator, request.path_params["channel"], request.path_params["ts"], me)
