/** The centre of the page: a conversation's header, its tabs when it is an app, its messages and its message box. */
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openCard } from "./menu.js";
import { avatar } from "./people.js";

/** Return the header of a conversation; `go` holds {menu, person, leave, tab}. */
export function roomHead(channel, session, go) {
  const menu = el("button", { type: "button", class: "icon-button menu-button", "aria-label": "Open the menu", onclick: go.menu }, icon("menu"));
  const direct = session.isDirect(channel);
  const lead = direct ? avatar(session.person(session.others(channel)[0]), "small") : icon(channel.is_private ? "lock" : "hash");
  const about = direct ? (session.person(session.others(channel)[0]).title ?? "") : (channel.topic ?? "");
  return el(
    "header",
    { class: "room-head" },
    menu,
    el("div", { class: "room-title" }, el("h2", {}, lead, el("span", {}, session.channelName(channel.id))), about ? el("p", { class: "muted", title: about }, about) : null),
    direct ? null : members(channel, session, go),
  );
}

/** Return the tabs of an app's conversation. */
export function roomTabs(tab, choose) {
  const one = (name, label) =>
    el("button", { type: "button", role: "tab", "aria-selected": String(tab === name), dataset: { tab: name }, onclick: () => choose(name) }, label);
  return el("div", { class: "tabs", role: "tablist", "aria-label": "App" }, one("home", "Home"), one("messages", "Messages"));
}

/** Return the container of messages, announced as they arrive. */
export function messageLog(label) {
  return el("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": label, tabindex: 0 }, el("div", { class: "rows" }), el("div", { class: "app-line" }));
}

/** Return what the app is doing in a place and what it suggests in a fresh one; `choose` is given a suggested text. */
export function appLine(session, { channel, thread }, { choose, fresh }) {
  const status = session.status(channel, thread);
  const line = status ? el("p", { class: "status-line", role: "status" }, `${session.personName(session.botId)} ${status}`) : null;
  const prompts = (fresh ? session.suggested(channel, thread) : []).map((one) => el("button", { type: "button", class: "button", onclick: () => choose(one.message) }, one.title));
  return [line, prompts.length ? el("div", { class: "prompts", role: "group", "aria-label": "Suggestions" }, ...prompts) : null].filter(Boolean);
}

/** Return what a conversation shows before anybody wrote in it. */
export function emptyRoom(channel, session) {
  const name = session.channelName(channel.id);
  if (session.isBotDm(channel)) return welcome(avatar(session.bot, "large"), `Ask ${name} anything`, "Questions here are between you and the app. Its answers name their sources.");
  if (session.isDirect(channel)) return welcome(avatar(session.person(session.others(channel)[0]), "large"), name, "This is the beginning of your conversation.");
  const topic = channel.topic ? channel.topic.replace(/[^.!?…]$/, "$&.") : "Nobody has written here yet.";
  const told = session.bot && topic.includes(`@${session.bot.name}`);
  const app = session.bot && !told && channel.members.includes(session.botId) ? ` Mention @${session.bot.name} to ask a question.` : "";
  return welcome(el("span", { class: "big-icon" }, icon(channel.is_private ? "lock" : "hash")), `Welcome to #${name}`, `${topic}${app}`);
}

/** Return what somebody sees who is in no conversation. */
export function noRoom(go) {
  const menu = el("button", { type: "button", class: "icon-button menu-button", "aria-label": "Open the menu", onclick: go.menu }, icon("menu"));
  return [el("header", { class: "room-head" }, menu), welcome(el("span", { class: "big-icon" }, icon("people")), "No conversations yet", "Write to somebody or open the app from the left bar.")];
}

/** Return what stands in place of the message box for people who are not members. */
export function joinBar(channel, join) {
  return el("div", { class: "join" }, el("span", {}, `You are looking at #${channel.name}.`), el("button", { type: "button", class: "button button-primary", onclick: join }, "Join channel"));
}

function welcome(lead, title, text) {
  return el("div", { class: "welcome" }, lead, el("h3", {}, title), el("p", { class: "muted" }, text));
}

function members(channel, session, go) {
  const people = channel.members.map((id) => session.person(id));
  const label = `${people.length} ${people.length === 1 ? "member" : "members"}`;
  const faces = people.slice(0, 3).map((person) => avatar(person, "small"));
  const button = el("button", { type: "button", class: "members", "aria-label": label, title: label }, el("span", { class: "stack" }, ...faces), String(people.length));
  button.addEventListener("click", () => showMembers(button, { channel, people, go, me: session.me }));
  return button;
}

function showMembers(button, { channel, people, go, me }) {
  const row = (person) => {
    const choose = () => {
      close();
      go.person(person.id);
    };
    return el("button", { type: "button", class: "menu-item", onclick: choose, disabled: person.id === me }, avatar(person, "small"), el("span", {}, person.real_name), el("small", {}, person.id === me ? "you" : person.title || (person.is_bot ? "App" : "")));
  };
  const leave = el("button", { type: "button", class: "menu-item danger" }, icon("close"), el("span", {}, "Leave channel"));
  const close = openCard(button, "Members", el("h3", {}, "Members"), ...people.map(row), channel.is_member ? leave : null);
  leave.addEventListener("click", () => {
    close();
    go.leave(channel.id);
  });
}
