/**
 * Completion in a message box: people after `@`, channels after `#`, emoji after `:`, commands after `/`.
 *
 * The list follows the combobox pattern: the box keeps the focus, arrows move, Enter or Tab takes, Escape closes.
 */
import { el } from "./dom.js";
import { emojiNode, findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";

const WORD = /(^|\s)([@#:][\w.+-]*|)$/;
const COMMAND = /^\/[\w-]*$/;
const MOST = 8;

/** Give `field` completion from `session`; returns the list to put beside it and `taken`, which handles its keys. */
export function completion(field, session) {
  const list = el("ul", { class: "completion", role: "listbox", "aria-label": "Suggestions", id: `completion-${crypto.randomUUID()}`, hidden: true });
  const state = { items: [], at: 0 };
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);

  const show = () => {
    const shown = !list.hidden && state.items.length;
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === state.at)));
    if (shown) field.setAttribute("aria-activedescendant", list.children[state.at].id);
    else field.removeAttribute("aria-activedescendant");
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.hidden = true;
    show();
  };
  const take = (item) => {
    const before = field.value.slice(0, field.selectionStart);
    const start = before.length - item.typed.length;
    field.setRangeText(`${item.insert} `, start, field.selectionStart, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input"));
  };
  const update = () => {
    state.items = suggestions(field.value.slice(0, field.selectionStart), session);
    state.at = 0;
    list.hidden = !state.items.length;
    list.replaceChildren(...state.items.map((item, index) => option(item, `${list.id}-${index}`, () => take(item))));
    show();
  };
  const keys = {
    ArrowDown: () => move(state, 1, show),
    ArrowUp: () => move(state, -1, show),
    Enter: () => take(state.items[state.at]),
    Tab: () => take(state.items[state.at]),
    Escape: close,
  };
  const taken = (event) => {
    if (list.hidden || !keys[event.key] || event.isComposing) return false;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
    return true;
  };
  field.addEventListener("input", update);
  field.addEventListener("blur", () => setTimeout(close, 150));
  return { list, taken };
}

function move(state, step, show) {
  state.at = (state.at + step + state.items.length) % state.items.length;
  show();
}

function option(item, id, choose) {
  const properties = { role: "option", id, dataset: { insert: item.insert }, onmousedown: (event) => event.preventDefault(), onclick: choose };
  return el("li", properties, item.lead, el("span", { class: "completion-name" }, item.name), item.note ? el("small", {}, item.note) : null);
}

function suggestions(before, session) {
  if (COMMAND.test(before)) return commands(before, session);
  const typed = WORD.exec(before)?.[2] ?? "";
  const wanted = typed.slice(1).toLowerCase();
  if (typed.startsWith("@")) return people(typed, wanted, session);
  if (typed.startsWith("#")) return channels(typed, wanted, session);
  if (typed.startsWith(":") && wanted.length > 1) return emojis(typed, wanted);
  return [];
}

function commands(typed, session) {
  const found = session.commands.filter((one) => one.command.startsWith(typed));
  if (found.some((one) => one.command === typed)) return [];
  return found.slice(0, MOST).map((one) => ({
    typed,
    insert: one.command,
    name: `${one.command} ${one.usage_hint ?? ""}`.trim(),
    note: one.description,
    lead: icon("bolt"),
  }));
}

function people(typed, wanted, session) {
  const fits = (user) => user.name.toLowerCase().startsWith(wanted) || user.real_name.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted));
  const found = [...session.users.values()].filter((user) => !user.deleted && fits(user));
  found.sort((a, b) => Number(b.is_bot) - Number(a.is_bot) || a.real_name.localeCompare(b.real_name));
  const exact = found.length === 1 && found[0].name === wanted;
  return exact ? [] : found.slice(0, MOST).map((user) => ({ typed, insert: `@${user.name}`, name: user.real_name, note: user.title || `@${user.name}`, lead: avatar(user, "small") }));
}

function channels(typed, wanted, session) {
  const rooms = [...session.channels.values()].filter((one) => !session.isDirect(one) && one.name.startsWith(wanted));
  return rooms.slice(0, MOST).map((one) => ({ typed, insert: `#${one.name}`, name: one.name, note: one.topic, lead: icon(one.is_private ? "lock" : "hash") }));
}

function emojis(typed, wanted) {
  return findEmoji(wanted, MOST).map((name) => ({ typed, insert: `:${name}:`, name: `:${name}:`, note: "", lead: emojiNode(name) }));
}
