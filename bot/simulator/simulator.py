"""One simulated Slack: a workspace, the app installed in it, and everything that lives between the two."""

from bot.simulator.channel import Channel
from bot.simulator.events import Deliveries
from bot.simulator.faults import DeliveryTrouble, Faults, PostLimiter
from bot.simulator.filestore import FileStore
from bot.simulator.install import AppInstall, Transport
from bot.simulator.journal import Journal
from bot.simulator.outbound import HttpSender, Sender
from bot.simulator.pagefeed import GOODBYE
from bot.simulator.sessions import Sessions
from bot.simulator.socketmode import SocketHub
from bot.simulator.triggers import Origin, ResponseUrls, Triggers
from bot.simulator.viewstack import ViewStacks
from bot.simulator.workspace import Change, Workspace


class Simulator:
    """The state behind one server; `base_url` is where clients reach it, known with the first request."""

    def __init__(self, workspace: Workspace, install: AppInstall) -> None:
        self.workspace = workspace
        self.install = install
        self.base_url = ""
        self.journal = Journal()
        self.faults = Faults()
        self.limiter = PostLimiter(on=install.rate_limited)
        self.socket = SocketHub(workspace, install.ack_seconds)
        self.deliveries = Deliveries(workspace, install, self._sender(), self.journal)
        self._start_afresh()

    def trigger(self, origin: Origin) -> str:
        """Return a trigger id for an interaction."""
        return self.triggers.issue(origin)

    def response_url(self, origin: Origin) -> str:
        """Return the address the app may answer an interaction at."""
        return f"{self.base_url}/response/{self.response_urls.issue(origin)}"

    def permalink(self, channel: Channel, ts: str) -> str:
        """Return the address of a message."""
        link = f"{self.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
        root = channel.message(ts).get("thread_ts", ts)
        return link if root == ts else f"{link}?thread_ts={root}&cid={channel.id}"

    def reset(self) -> None:
        """Return to the first moment: no messages, no views, no faults, nothing on its way."""
        self.deliveries.forget()
        self.deliveries.trouble = DeliveryTrouble()
        self.workspace.reset()
        self.journal.clear()
        self.faults.clear()
        self.limiter.on = self.install.rate_limited
        self._start_afresh()
        self.workspace.tell(Change("state"))

    def stop(self) -> None:
        """End deliveries, sockets and news."""
        self.workspace.tell(Change(GOODBYE))
        self.deliveries.stop()
        self.socket.stop()

    def _start_afresh(self) -> None:
        clock, ids = self.workspace.clock, self.workspace.ids
        self.triggers = Triggers(clock, ids)
        self.response_urls = ResponseUrls(clock, ids)
        self.views = ViewStacks(self.workspace)
        self.files = FileStore(ids)
        self.sessions = Sessions(self.workspace)
        self.revoked = False

    def _sender(self) -> Sender:
        install = self.install
        if install.transport == Transport.SOCKET:
            return self.socket
        return HttpSender(install.request_url, install.signing_secret, install.ack_seconds)
