/**
 * A list of messages: days, authors, content, reactions, thread lines and what one can do with each.
 *
 * `view` is what a list needs to know: {session, pane: "channel" | "thread", channel, editing, do}, where `do` holds the
 * things people can do ({act, react, reply, edit, save, remove, shortcut, profile}).
 */
import { renderBlocks } from "./blocks.js";
import { el, link } from "./dom.js";
import { emojiNode, FREQUENT } from "./emoji.js";
import { filesOf } from "./files.js";
import { collectState, restoreState } from "./formstate.js";
import { icon } from "./icons.js";
import { openMenu, pickEmoji } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { clock, day, full, when } from "./time.js";

const TOGETHER_SECONDS = 300;

/** Return the rows of a list, for `reconcile`. */
export function messageRows(messages, view) {
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const opensDay = !before || day(before.ts) !== day(message.ts);
    const opensReplies = view.pane === "thread" && index === 1;
    const together = !opensDay && !opensReplies && follows(before, message);
    const row = {
      key: `${message.ephemeral ? "e" : "m"}${message.ts}`,
      print: JSON.stringify([message, together, view.editing === message.ts, view.session.users.size, view.session.shortcuts.length]),
      build: (old) => rebuilt(old, messageNode(message, view, together)),
    };
    if (opensReplies) return [separator("replies", replies(messages.length - 1)), row];
    return opensDay && view.pane === "channel" ? [separator(`day-${day(message.ts)}`, day(message.ts)), row] : [row];
  });
}

function follows(before, message) {
  const plain = !message.subtype && !before.subtype && !message.ephemeral && !before.ephemeral;
  return plain && before.user === message.user && Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
}

function separator(key, name) {
  return { key, print: name, build: () => el("div", { class: "day", role: "separator", "aria-label": name }, el("span", {}, name)) };
}

function replies(count) {
  return `${count} ${count === 1 ? "reply" : "replies"}`;
}

function rebuilt(old, node) {
  if (!old) return node;
  restoreState(node, collectState(old));
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset?.actionId : null;
  if (focused) queueMicrotask(() => node.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus());
  return node;
}

function messageNode(message, view, together) {
  if (["channel_join", "channel_leave", "channel_topic", "channel_name"].includes(message.subtype)) return notice(message, view);
  const author = authorOf(message, view.session);
  const classes = ["message", together ? "together" : "", message.ephemeral ? "ephemeral" : ""];
  return el(
    "article",
    { class: classes.join(" ").trim(), tabindex: -1, "aria-label": `${author.real_name}, ${clock(message.ts)}`, dataset: { ts: message.ts, user: message.user } },
    el("div", { class: "message-side" }, together ? time(message, "side-time") : avatar(author)),
    el(
      "div",
      { class: "message-main" },
      message.ephemeral ? el("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      together ? null : head(message, author, view),
      view.editing === message.ts ? editor(message, view) : content(message, view),
      reactions(message, view),
      view.pane === "channel" ? summary(message, view) : null,
    ),
    message.ephemeral || view.editing === message.ts ? null : toolbar(message, view),
  );
}

/** Return who wrote a message, with the name and icon an app may have set for it. */
function authorOf(message, session) {
  const known = session.person(message.user ?? session.botId);
  return message.username ? { ...known, real_name: message.username } : known;
}

function notice(message, view) {
  return el("article", { class: "notice", dataset: { ts: message.ts } }, el("span", { class: "prose" }, ...mrkdwn(message.text, view.session)), time(message));
}

function head(message, author, view) {
  const open = (event) => view.do.profile(event.currentTarget, author.id);
  return el(
    "header",
    { class: "message-head" },
    el("button", { type: "button", class: "author", onclick: open }, author.real_name || author.name),
    author.is_bot ? el("span", { class: "badge" }, "App") : null,
    author.title && !author.is_bot ? el("span", { class: "person-title" }, author.title) : null,
    time(message),
  );
}

function time(message, name = "time") {
  return el("time", { class: name, title: full(message.ts) }, clock(message.ts));
}

function content(message, view) {
  const context = { directory: view.session, act: (node, payload) => view.do.act(message, node, payload), suggest: (payload) => view.do.suggest(message, payload) };
  const blocks = message.blocks?.length ? renderBlocks(message.blocks, context) : [el("div", { class: "prose" }, ...mrkdwn(message.text, view.session))];
  return el(
    "div",
    { class: "content" },
    ...blocks,
    ...(message.attachments ?? []).map((one) => attachment(one, context)),
    message.streaming_state === "in_progress" ? stillWriting(message, view) : null,
    filesOf(message, view.session.me),
    message.edited ? el("span", { class: "edited", title: full(message.edited.ts) }, "(edited)") : null,
  );
}

function stillWriting(message, view) {
  const stop = el("button", { type: "button", class: "button button-small", onclick: () => view.do.stop(message) }, "Stop");
  return el("p", { class: "writing" }, el("span", { class: "streaming", role: "status", "aria-label": "Still writing" }), stop);
}

function attachment(one, context) {
  const color = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  const title = one.title ? el("strong", {}, one.title_link ? link(one.title_link, one.title) : one.title) : null;
  const body = one.blocks ? renderBlocks(one.blocks, context) : [el("div", { class: "prose" }, title, ...mrkdwn(one.text ?? one.fallback ?? "", context.directory))];
  return el("div", { class: "attachment", style: color ? { "--tint": color } : {} }, ...body);
}

function reactions(message, view) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((one) => chip(one, message, view));
  const add = el("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction" }, icon("smile"));
  add.addEventListener("click", () => pickEmoji(add, (name) => view.do.react(message, name)));
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, ...chips, add);
}

function chip(one, message, view) {
  const mine = one.users.includes(view.session.me);
  const names = one.users.map((id) => (id === view.session.me ? "you" : view.session.personName(id))).join(", ");
  return el(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(mine),
      "aria-label": `${one.name}, ${one.count}, from ${names}`,
      title: `:${one.name}: from ${names}`,
      dataset: { reaction: one.name },
      onclick: () => view.do.react(message, one.name, mine),
    },
    emojiNode(one.name),
    el("span", {}, String(one.count)),
  );
}

function summary(message, view) {
  if (!message.reply_count) return null;
  const people = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(view.session.person(id), "small"));
  const last = message.latest_reply ? el("span", { class: "muted" }, `Last reply ${when(message.latest_reply)}`) : null;
  return el("button", { type: "button", class: "thread-line", onclick: () => view.do.reply(message) }, el("span", { class: "stack" }, ...people), el("strong", {}, replies(message.reply_count)), last);
}

function toolbar(message, view) {
  const own = message.user === view.session.me;
  const removable = own || view.session.person(view.session.me).is_admin;
  const tool = (name, label, action) => el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick: action }, icon(name));
  const quick = FREQUENT.slice(0, 2).map((name) =>
    el("button", { type: "button", class: "icon-button quick", title: `:${name}:`, "aria-label": `React with ${name}`, onclick: () => view.do.react(message, name) }, emojiNode(name)),
  );
  return el(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message" },
    ...quick,
    tool("smile", "Add a reaction", (event) => pickEmoji(event.currentTarget, (name) => view.do.react(message, name))),
    view.pane === "channel" ? tool("reply", "Reply in thread", () => view.do.reply(message)) : null,
    own ? tool("pencil", "Edit", () => view.do.edit(message)) : null,
    removable ? tool("trash", "Delete", (event) => view.do.remove(message, event.currentTarget)) : null,
    tool("more", "More actions", (event) => more(event.currentTarget, message, view)),
  );
}

function more(anchor, message, view) {
  const shortcuts = view.session.shortcuts.filter((one) => one.type === "message");
  const items = shortcuts.map((one) => ({ label: one.name, icon: "bolt", value: one.callback_id, choose: () => view.do.shortcut(message, one) }));
  items.push({ label: "Copy text", icon: "copy", choose: () => navigator.clipboard.writeText(view.session.typed(message.text ?? "")) });
  openMenu(anchor, items);
}

function editor(message, view) {
  const field = el("textarea", { class: "field", rows: 2, "aria-label": "Edit message", autofocus: true });
  field.value = view.session.typed(message.text ?? "");
  const save = () => view.do.save(message, field.value.trim());
  const cancel = () => view.do.edit(null);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  });
  queueMicrotask(() => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  const buttons = [["Cancel", "button", cancel], ["Save", "button button-primary", save]];
  return el("div", { class: "editor" }, field, el("div", { class: "dialog-buttons" }, ...buttons.map(([name, look, action]) => el("button", { type: "button", class: look, onclick: action }, name))));
}
