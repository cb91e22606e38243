"""Socket Mode: the same ingress, reached through a web socket that the bot opens.

An envelope is acknowledged after it is committed, never before; one whose commit failed is not acknowledged, and Slack
sends it again. A watchdog opens a new connection when the old one looks alive and says nothing, which happens. What was
sent while no connection stood may be lost, so whoever can look for it is told of each new one.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.ingress import Ingress
from flywheel.errors import ConfigurationError

_log = logging.getLogger(__name__)
_CHECK_SECONDS = 1.0
_PING_SECONDS = 3.0
"""The SDK needs five failed pings to see that a line was cut, and waits for them in a busy loop; one is enough here."""

_RECEIVE_BYTES = 65_536
"""The SDK recurses once for each piece of a message: at its default of 1,024 a message near a megabyte breaks it."""

_QUIET_SECONDS = 60.0
"""Slack pings about every ten seconds; six missed ones are a dead line."""


class SocketDoor:
    """Holds the connection from `start` to `stop`."""

    def __init__(self, app_token: str, client: WebClient, ingress: Ingress, connected: Callable[[], None]) -> None:
        """Connect nothing yet; `connected` is told of each connection."""
        self._app_token = app_token
        self._web = client
        self._ingress = ingress
        self._connected = connected
        self._stopping = threading.Event()
        self._heard_at = time.monotonic()
        self._socket: SocketModeClient | None = None
        self._watchdog = threading.Thread(target=self._watch, name="socket-watchdog", daemon=True)

    def start(self) -> None:
        """Connect.

        Raises:
            ConfigurationError: the app token is wrong, or Slack cannot be reached.
        """
        try:
            self._web.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            raise ConfigurationError(f"SLACK_APP_TOKEN is not accepted: {error.response.get('error')}") from error
        except OSError as error:
            raise ConfigurationError(f"Slack cannot be reached at {self._web.base_url}: {error}") from error
        self._socket = SocketModeClient(
            app_token=self._app_token,
            web_client=self._web,
            ping_interval=_PING_SECONDS,
            receive_buffer_size=_RECEIVE_BYTES,
            on_message_listeners=[self._note_life],
        )
        self._socket.message_listeners.append(self._greet)
        self._socket.socket_mode_request_listeners.append(self._receive)
        self._socket.connect()
        self._watchdog.start()

    def stop(self) -> None:
        """Disconnect."""
        self._stopping.set()
        if self._socket is not None:
            self._socket.close()

    @property
    def is_connected(self) -> bool:
        """Whether the line is open."""
        return self._socket is not None and self._socket.is_connected()

    def reconnect(self) -> None:
        """Replace the connection by a new one; where that fails, the watchdog tries again."""
        self._heard_at = time.monotonic()
        if self._socket is None:
            return
        try:
            self._socket.connect_to_new_endpoint(force=True)
        except (SlackApiError, OSError) as error:
            _log.warning("no new connection: %s; trying again", error)

    def _receive(self, _client: object, request: SocketModeRequest) -> None:
        status, body = self._ingress.accept(request.payload)
        if status != 200 or self._socket is None:
            return
        reply = SocketModeResponse(envelope_id=request.envelope_id, payload=json.loads(body) if body else None)
        self._socket.send_socket_mode_response(reply)

    def _greet(self, _client: object, message: Mapping[str, Any], _raw: str | None = None) -> None:
        if message.get("type") == "hello":
            self._connected()

    def _note_life(self, _message: str) -> None:
        self._heard_at = time.monotonic()

    def _watch(self) -> None:
        while not self._stopping.wait(_CHECK_SECONDS):
            self._look_after()

    def _look_after(self) -> None:
        socket = self._socket
        if socket is None:
            return
        session = socket.current_session
        ponged = session.last_ping_pong_time if session is not None else None
        quiet = time.monotonic() - self._heard_at
        if ponged is not None:
            quiet = min(quiet, time.time() - ponged)
        is_cut = session is not None and session.consecutive_check_state_error_count > 0
        if socket.is_connected() and quiet < _QUIET_SECONDS and not is_cut:
            return
        _log.warning("Socket Mode is cut or has been silent for %d s; connecting anew", quiet)
        self.reconnect()
