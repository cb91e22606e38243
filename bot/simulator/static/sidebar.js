/** The left bar: the workspace, who is acting, channels, direct messages and apps. */
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { avatar } from "./people.js";

/** Return the left bar's content; `go` holds {channel, person, become, jump} and `current` the open channel's id. */
export function sidebar(session, current, go) {
  const channels = [...session.channels.values()];
  const rooms = channels.filter((one) => one.kind === "channel");
  const joined = rooms.filter((one) => one.is_member);
  const closed = channels.filter((one) => one.kind === "group");
  const direct = channels.filter((one) => session.isDirect(one) && !session.isBotDm(one));
  const row = (one) => channelRow(one, session, { current, go });
  return [
    el("header", { class: "sidebar-head" }, mark(), el("h1", {}, "Workspace", el("span", {}, ` · ${session.team.name}`))),
    actor(session, go),
    jumpButton(go),
    el(
      "div",
      { class: "sidebar-lists" },
      group("Channels", joined.map(row)),
      group("Private channels", closed.map(row)),
      group("More channels", rooms.filter((one) => !one.is_member).map(row)),
      group("Direct messages", direct.map(row), writeButton(session, go)),
      group("Apps", session.bot ? [appRow(session, { current, go })] : []),
    ),
  ];
}

function jumpButton(go) {
  return el("button", { type: "button", class: "jump", "aria-label": "Jump to a channel or a person", "aria-keyshortcuts": "Control+K", onclick: go.jump }, icon("search"), el("span", {}, "Jump to…"), el("kbd", {}, "Ctrl K"));
}

function mark() {
  return el("img", { class: "mark", src: "icon.svg", alt: "", width: 28, height: 28 });
}

function actor(session, go) {
  const me = session.person(session.me);
  const button = el(
    "button",
    { type: "button", class: "actor", "aria-haspopup": "menu", "aria-label": `Acting as ${me.real_name}. Change person` },
    avatar(me),
    el("span", { class: "actor-text" }, el("small", {}, "Acting as"), el("strong", {}, me.real_name)),
    icon("chevron"),
  );
  button.addEventListener("click", () => openMenu(button, session.actors().map((user) => actorItem(user, session.me, go))));
  return button;
}

function actorItem(user, me, go) {
  const role = user.is_admin ? [user.title, "admin"].filter(Boolean).join(" · ") : user.title;
  return { label: user.real_name, note: role, lead: avatar(user, "small"), value: user.id, current: user.id === me, choose: () => go.become(user.id) };
}

function group(title, rows, extra = null) {
  if (!rows.length && !extra) return null;
  return el("section", { "aria-label": title }, el("div", { class: "group-head" }, el("h2", {}, title), extra), el("ul", {}, ...rows.map((row) => el("li", {}, row))));
}

function writeButton(session, go) {
  const button = el("button", { type: "button", class: "icon-button", "aria-label": "New direct message", title: "New direct message", "aria-haspopup": "menu" }, icon("plus"));
  const others = () => session.actors().filter((user) => user.id !== session.me);
  button.addEventListener("click", () => {
    openMenu(button, others().map((user) => ({ label: user.real_name, note: user.title, lead: avatar(user, "small"), value: user.id, choose: () => go.person(user.id) })));
  });
  return button;
}

function channelRow(one, session, { current, go }) {
  const lead = session.isDirect(one) ? avatar(session.person(session.others(one)[0]), "small") : icon(one.is_private ? "lock" : "hash");
  return entry({ id: one.id, lead, name: session.channelName(one.id), unread: one.unread, current, choose: () => go.channel(one.id) });
}

function appRow(session, { current, go }) {
  const dm = session.botDm();
  const lead = avatar(session.bot, "small");
  return entry({ id: dm?.id ?? "app", lead, name: session.personName(session.botId), unread: dm?.unread, current, choose: () => go.person(session.botId) });
}

function entry({ id, lead, name, unread, current, choose }) {
  const fresh = unread && id !== current;
  const badge = fresh ? el("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread)) : null;
  const properties = { type: "button", class: fresh ? "entry has-unread" : "entry", "aria-current": id === current ? "page" : null, dataset: { channel: id }, onclick: choose };
  return el("button", properties, lead, el("span", { class: "entry-name" }, name), badge);
}
