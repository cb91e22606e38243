/** Jump to a conversation or a person by typing a part of the name: Ctrl+K, or Cmd+K. */
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";

const MOST = 8;

/** Open the switcher; `go` holds {channel, person}. */
export function openSwitcher(session, go) {
  if (document.querySelector("dialog[open]")) return;
  const field = el("input", { class: "field", type: "search", placeholder: "Jump to a channel or a person", "aria-label": "Jump to", autocomplete: "off" });
  const list = el("ul", { class: "switcher-list" });
  const dialog = el("dialog", { class: "switcher", role: "dialog", "aria-label": "Jump to" }, field, list);
  const show = () => list.replaceChildren(...places(session, go, field.value.toLowerCase()).map((place) => row(place, dialog)));
  field.addEventListener("input", show);
  dialog.addEventListener("keydown", (event) => onKey(event, { field, list }));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
  field.focus();
}

function places(session, go, wanted) {
  const rooms = [...session.channels.values()].filter((one) => !session.isDirect(one));
  const found = [
    ...rooms.map((one) => ({ name: one.name, note: one.topic, lead: icon(one.is_private ? "lock" : "hash"), open: () => go.channel(one.id) })),
    ...[...session.users.values()]
      .filter((user) => !user.deleted && user.id !== session.me)
      .map((user) => ({ name: user.real_name, note: user.title, lead: avatar(user, "small"), open: () => go.person(user.id) })),
  ];
  return found.filter((one) => one.name.toLowerCase().includes(wanted)).slice(0, MOST);
}

function row(place, dialog) {
  const open = () => {
    dialog.close();
    place.open();
  };
  return el("li", {}, el("button", { type: "button", class: "menu-item", onclick: open }, place.lead, el("span", {}, place.name), el("small", {}, place.note)));
}

function onKey(event, { field, list }) {
  const rows = [...list.querySelectorAll("button")];
  if (event.key === "Enter" && document.activeElement === field) {
    event.preventDefault();
    rows[0]?.click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !rows.length) return;
  event.preventDefault();
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
}
