/**
 * The page: which person acts, which conversation and thread are open, and what to fetch when something happens.
 *
 * The address says where one is: `?as=U1#C1` or `?as=U1#C1/1763712000.000100` with a thread. Events only say that
 * something changed; what is open is fetched again, and rows that did not change keep their nodes.
 */
import { attempt, deliver, messageActions } from "./actions.js";
import { Api } from "./api.js";
import { composer } from "./composer.js";
import { el, reconcile } from "./dom.js";
import { drawHome } from "./home.js";
import { icon } from "./icons.js";
import { messageRows } from "./messages.js";
import { Modals } from "./modals.js";
import { openProfile } from "./people.js";
import { appLine, emptyRoom, joinBar, messageLog, noRoom, roomHead, roomTabs } from "./room.js";
import { Session } from "./session.js";
import { sidebar } from "./sidebar.js";
import { openSwitcher } from "./switcher.js";
import { toast } from "./toast.js";
import { once } from "./turns.js";

const NEAR_BOTTOM = 120;

/** Everything on the screen for one person; another person is another Page. */
export class Page {
  constructor(me, become) {
    this.api = new Api(me);
    this.become = become;
    this.session = new Session(this.api, { openPerson: (id) => this.openDirect(id), openChannel: (id) => this.openChannel(id) });
    this.modals = new Modals(this.api, this.session);
    this.parts = Object.fromEntries(["app", "sidebar", "main", "thread"].map((id) => [id, document.getElementById(id)]));
    this.drafts = new Map();
    this.place = { channel: null, thread: null, tab: "messages" };
    this.editing = null;
    this.load = { messages: once(() => this.fetchMessages()), thread: once(() => this.fetchThread()), state: once(() => this.fetchState()), home: once(() => this.fetchHome()), views: once(() => this.modals.refresh()) };
  }

  /** Show the workspace and follow what happens in it. */
  async start() {
    await this.session.refresh();
    document.title = `Workspace · ${this.session.team.name}`;
    this.parts.app.dataset.view = "ready";
    const [channel, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
    const first = this.session.channels.get(channel) ?? [...this.session.channels.values()].find((one) => one.is_member);
    this.source = this.api.listen((event) => this.hear(event), (up) => this.showStatus(up));
    this.onHash = () => this.follow(location.hash);
    this.keys = (event) => this.onKey(event);
    window.addEventListener("hashchange", this.onHash);
    document.addEventListener("keydown", this.keys);
    if (first) await this.openChannel(first.id, { thread: first.id === channel ? thread : null });
    else this.drawNothing();
    await this.load.views();
  }

  /** Do what the keyboard asks for anywhere: Ctrl+K jumps, Escape closes the thread one writes in. */
  onKey(event) {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.jump();
    }
    if (event.key !== "Escape" || event.defaultPrevented) return;
    this.parts.app.classList.remove("menu-open");
    if (!this.parts.thread.contains(event.target)) return;
    this.closeThread();
    this.parts.main.querySelector("#composer")?.focus();
  }

  jump() {
    openSwitcher(this.session, { channel: (id) => this.openChannel(id), person: (id) => this.openDirect(id) });
  }

  /** Let go of the page before another person takes it. */
  stop() {
    this.source.close();
    this.release?.abort();
    window.removeEventListener("hashchange", this.onHash);
    document.removeEventListener("keydown", this.keys);
    this.modals.clear();
    this.closeThread();
  }

  async openChannel(id, { thread = null, tab = null } = {}) {
    if (!this.session.channels.has(id)) return toast("You cannot see that conversation.");
    const channel = this.session.channels.get(id);
    if (!this.session.isDirect(channel)) this.beside = id;
    this.place = { channel: id, thread: null, tab: tab ?? "messages" };
    this.editing = null;
    this.parts.app.classList.remove("menu-open");
    this.closeThread();
    this.drawRoom(channel);
    this.drawSidebar();
    if (this.session.isBotDm(channel)) await this.openTab(this.place.tab);
    else await this.load.messages();
    this.scrollDown();
    this.load.state();
    return thread ? this.openThread(id, thread) : this.writeAddress();
  }

  async openDirect(person) {
    await attempt(async () => {
      const { channel } = await this.api.send("dm", { users: [person] });
      await this.session.refresh();
      const tab = person === this.session.botId ? "home" : null;
      await this.openChannel(channel, { tab });
    });
  }

  async openThread(channel, ts) {
    if (channel !== this.place.channel) await this.openChannel(channel);
    this.place.thread = ts;
    this.drawThread();
    this.writeAddress();
    await this.load.thread();
    this.drawAppLines();
    this.scrollDown(this.parts.thread);
    this.parts.thread.querySelector("textarea")?.focus();
  }

  closeThread() {
    this.place.thread = null;
    this.parts.thread.hidden = true;
    this.parts.thread.replaceChildren();
    this.parts.app.classList.remove("thread-open");
    this.writeAddress();
  }

  openProfile(anchor, id) {
    openProfile(anchor, this.session.person(id), { me: this.session.me, write: (person) => this.openDirect(person) });
  }

  startEditing(ts) {
    this.editing = ts;
    this.load.messages();
    if (this.place.thread) this.load.thread();
  }

  /** Fetch again what an event says has changed. */
  hear(event) {
    const here = !event.channel || event.channel === this.place.channel;
    if (event.type === "toast") return toast(event.text);
    if (event.type === "views") return this.load.views();
    if (event.type === "home") return this.load.home();
    if (event.type === "state") return this.load.state();
    if (event.type === "reconnected") for (const name of ["views", "home"]) this.load[name]();
    if (here) this.load.messages();
    if (here && this.place.thread) this.load.thread();
    return this.load.state();
  }

  async fetchState() {
    const before = JSON.stringify([this.session.channels.get(this.place.channel)?.is_member, this.session.commands, this.session.shortcuts]);
    await this.session.refresh();
    const channel = this.session.channels.get(this.place.channel);
    this.drawSidebar();
    this.drawAppLines();
    if (channel && before !== JSON.stringify([channel.is_member, this.session.commands, this.session.shortcuts])) {
      this.drawRoom(channel);
      await this.load.messages();
    }
  }

  async fetchMessages() {
    const { channel: id } = this.place;
    const log = this.parts.main.querySelector(".log");
    if (!id || !log) return;
    const { messages } = await this.api.read(`channels/${id}/messages`);
    if (id !== this.place.channel || !log.isConnected) return;
    log.classList.toggle("empty", !messages.length);
    if (!messages.length) log.querySelector(".rows").replaceChildren(emptyRoom(this.session.channels.get(id), this.session));
    else this.draw(log, messages, "channel");
    this.messages = messages;
    this.drawAppLines();
  }

  async fetchThread() {
    const { channel, thread } = this.place;
    const log = this.parts.thread.querySelector(".log");
    if (!thread || !log) return;
    const { messages } = await this.api.read(`channels/${channel}/threads/${thread}`);
    if (thread === this.place.thread) this.draw(log, messages, "thread");
  }

  async fetchHome() {
    const home = this.parts.main.querySelector(".home");
    if (!home) return;
    const { view } = await this.api.read("home");
    drawHome(home, view, this);
  }

  draw(log, messages, pane) {
    const near = isNear(log);
    const own = messages.at(-1)?.user === this.session.me && messages.at(-1)?.ts !== log.dataset.last;
    const view = { session: this.session, pane, editing: this.editing, do: messageActions(this, this.place.channel) };
    reconcile(log.querySelector(".rows"), messageRows(messages, view));
    log.dataset.last = messages.at(-1)?.ts ?? "";
    if (near || own) log.scrollTop = log.scrollHeight;
  }

  drawAppLines() {
    const { channel, thread } = this.place;
    for (const [part, place] of [[this.parts.main, { channel, thread: null }], [this.parts.thread, { channel, thread }]]) {
      const log = part.querySelector(".log");
      if (!log) continue;
      const near = isNear(log);
      const choose = (text) => attempt(() => this.api.send("messages", { channel, text, ...(place.thread && { thread_ts: place.thread }) }));
      log.querySelector(".app-line").replaceChildren(...appLine(this.session, place, { choose, fresh: !log.querySelector(".message") }));
      if (near) log.scrollTop = log.scrollHeight;
    }
  }

  /** Draw the sidebar, once no finger is on it: a row that is replaced between press and release is not clicked. */
  drawSidebar() {
    if (this.parts.sidebar.matches(":active")) return this.drawSidebarLater();
    const held = this.parts.sidebar.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    const scroll = this.parts.sidebar.querySelector(".sidebar-lists")?.scrollTop ?? 0;
    const go = { channel: (id) => this.openChannel(id), person: (id) => this.openDirect(id), become: this.become, jump: () => this.jump() };
    this.parts.sidebar.replaceChildren(...sidebar(this.session, this.place.channel, go));
    this.parts.sidebar.querySelector(".sidebar-lists").scrollTop = scroll;
    if (held) this.parts.sidebar.querySelector(`[data-channel="${CSS.escape(held)}"]`)?.focus();
  }

  drawSidebarLater() {
    this.release?.abort();
    this.release = new AbortController();
    const draw = () => {
      this.release.abort();
      setTimeout(() => this.drawSidebar()); // after the click that the release makes
    };
    for (const kind of ["pointerup", "pointercancel", "keyup"]) window.addEventListener(kind, draw, { signal: this.release.signal });
  }

  drawRoom(channel) {
    const go = {
      menu: () => this.parts.app.classList.toggle("menu-open"),
      person: (id) => this.openDirect(id),
      leave: (id) => attempt(() => this.api.send("channels/leave", { channel: id })),
    };
    const join = () => attempt(() => this.api.send("channels/join", { channel: channel.id }));
    const name = this.session.channelName(channel.id);
    const foot = channel.is_member === false ? joinBar(channel, join) : this.composer({ id: "composer", place: channel.id, channel: channel.id, label: `Message ${this.session.isDirect(channel) ? "" : "#"}${name}` });
    const tabs = this.session.isBotDm(channel) ? roomTabs(this.place.tab, (tab) => this.openTab(tab)) : null;
    const home = this.place.tab === "home" && tabs;
    const body = home ? [el("div", { class: "home", role: "tabpanel", tabindex: 0 })] : [messageLog(`Messages in ${name}`), foot];
    this.parts.main.replaceChildren(...[roomHead(channel, this.session, go), tabs, ...body].filter(Boolean));
    this.parts.main.dataset.pane = "channel";
  }

  drawNothing() {
    this.drawSidebar();
    this.parts.main.replaceChildren(...noRoom({ menu: () => this.parts.app.classList.toggle("menu-open") }));
  }

  async openTab(tab) {
    this.place.tab = tab;
    this.closeThread();
    this.drawRoom(this.session.channels.get(this.place.channel));
    await attempt(() => this.api.send("home/open", { tab, channel: this.session.channels.get(this.beside)?.id }));
    await (tab === "home" ? this.load.home() : this.load.messages());
    this.scrollDown();
  }

  drawThread() {
    const { channel, thread } = this.place;
    const name = this.session.channelName(channel);
    const direct = this.session.isDirect(this.session.channels.get(channel));
    this.parts.thread.hidden = false;
    this.parts.app.classList.add("thread-open");
    this.parts.thread.replaceChildren(
      el(
        "header",
        { class: "room-head" },
        el("div", { class: "room-title" }, el("h2", {}, "Thread"), el("p", { class: "muted" }, direct ? name : `#${name}`)),
        el("button", { type: "button", class: "icon-button", "aria-label": "Close thread", onclick: () => this.closeThread() }, icon("close")),
      ),
      messageLog(`Thread in ${name}`),
      this.composer({ id: "thread-composer", place: `${channel}/${thread}`, channel, thread, label: "Reply in thread" }),
    );
  }

  composer({ id, place, channel, thread = null, label }) {
    const shortcut = (one) => attempt(() => this.api.send("shortcuts", { type: "global", callback_id: one.callback_id, channel }));
    const send = ({ text, files }) => deliver(this, { channel, thread, text, files });
    return composer({ id, place, label, session: this.session, drafts: this.drafts, send, editLast: () => this.editLast(), shortcut });
  }

  editLast() {
    const last = this.messages?.findLast((message) => message.user === this.session.me);
    if (last) this.startEditing(last.ts);
  }

  scrollDown(part = this.parts.main) {
    const log = part.querySelector(".log");
    if (log) log.scrollTop = log.scrollHeight;
  }

  showStatus(up) {
    this.parts.app.classList.toggle("offline", !up);
  }

  writeAddress() {
    if (!this.place.channel) return;
    const hash = `#${this.place.channel}${this.place.thread ? `/${this.place.thread}` : ""}`;
    history.replaceState(null, "", `?${new URLSearchParams({ as: this.session.me })}${hash}`);
  }

  follow(hash) {
    const [channel, thread] = decodeURIComponent(hash.slice(1)).split("/");
    if (channel !== this.place.channel || (thread ?? null) !== this.place.thread) this.openChannel(channel, { thread });
  }
}

function isNear(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
}
