"""The simulated Slack as a web application.

    /api/<method>            the Web API                 /link               Socket Mode
    /upload/<id>, /files/…   files                       /response/<token>   response urls
    /archives/<channel>/p…   permalinks
    /sim/…                   the control API             /                   the page

It refuses every client and every address that is not this machine: the workspace has no passwords.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.simulator import control, filedoor
from bot.simulator.connection import SimulatorApp
from bot.simulator.install import AppInstall
from bot.simulator.localonly import LocalOnly
from bot.simulator.simulator import Simulator
from bot.simulator.webapi import door
from bot.simulator.workspace import Workspace

STATIC = Path(__file__).parent / "static"
_START_SECONDS = 10.0


def create_app(workspace: Workspace, install: AppInstall, base_url: str = "") -> Starlette:
    """Build the application; `base_url` is where clients reach it, by default what the first request says.

    The simulator itself is at `app.state.simulator`.
    """
    simulator = Simulator(workspace, install)
    simulator.base_url = base_url.rstrip("/")
    both = ["GET", "POST"]
    app = SimulatorApp(
        routes=[
            Route("/api/{method:path}", partial(door.answer, simulator), methods=both),
            Route("/upload/{file_id}", partial(filedoor.upload, simulator), methods=["POST", "PUT"]),
            Route("/files/{file_id}/{name}", partial(filedoor.download, simulator)),
            Route("/archives/{channel}/p{stamp:int}", _open_message),
            Route("/response/{token}", partial(filedoor.answer_response_url, simulator), methods=["POST"]),
            WebSocketRoute("/link", simulator.socket.serve),
            WebSocketRoute("/link/", simulator.socket.serve),
            *control.routes(simulator),
            Mount("/", StaticFiles(directory=STATIC, html=True, check_dir=False)),
        ]
    )
    app.state.simulator = simulator
    app.add_middleware(LocalOnly, simulator=simulator)
    return app


async def _open_message(request: Request) -> Response:
    """Open a permalink in the page: the thread of the message, as Slack does."""
    stamp = str(request.path_params["stamp"])
    thread = request.query_params.get("thread_ts") or f"{stamp[:-6]}.{stamp[-6:]}"
    return RedirectResponse(f"/#{quote(request.path_params['channel'])}/{quote(thread)}", 303)


@contextmanager
def running(workspace: Workspace, install: AppInstall) -> Iterator[str]:
    """Serve the workspace on a free port of this machine and yield its base url, without a slash at the end."""
    app = create_app(workspace, install)
    listener = listen("127.0.0.1", 0)
    simulator: Simulator = app.state.simulator
    simulator.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(app, log_level="error", lifespan="off", date_header=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield simulator.base_url
    finally:
        simulator.stop()
        server.should_exit = True
        thread.join()
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises ValueError for an address that others could reach."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"the simulator has no passwords and serves this machine only, not {host}")
    return socket.create_server((host, port))


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(int(_START_SECONDS / 0.01)):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(0.01)
    raise RuntimeError("the simulator did not start")
