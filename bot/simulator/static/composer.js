/**
 * The message box: text, files, completion, and Enter to send.
 *
 * `drafts` keeps what was typed in each place, so that going elsewhere loses nothing. `send` is given {text, files} and
 * says whether it went out; what did not go out stays in the box.
 */
import { completion } from "./completion.js";
import { el } from "./dom.js";
import { readFiles } from "./files.js";
import { icon } from "./icons.js";
import { openMenu, pickEmoji } from "./menu.js";

/** Return a composer for one place: {id, place, label, session, drafts, send, editLast, shortcut}. */
export function composer(options) {
  const { id, place, label, drafts, session } = options;
  const field = el("textarea", { id, rows: 1, class: "composer-field", placeholder: label, "aria-label": label, autocomplete: "off", spellcheck: "true" });
  const files = [];
  const chips = el("div", { class: "composer-files" });
  const { list, taken } = completion(field, session);
  const submit = el("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
  const form = el("form", { class: "composer" }, list, chips, field, el("div", { class: "composer-bar" }, tools(field, files, chips, options), submit));

  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 240)}px`;
    submit.disabled = !field.value.trim() && !files.length;
    drafts.set(place, field.value);
  };
  field.value = drafts.get(place) ?? "";
  field.addEventListener("input", fit);
  form.addEventListener("filesChanged", fit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    deliver({ field, files, chips, send: options.send, fit });
  });
  field.addEventListener("keydown", (event) => {
    if (!taken(event)) onKey(event, { field, form, editLast: options.editLast });
  });
  takeFiles(form, (chosen) => addFiles(files, chips, chosen));
  requestAnimationFrame(fit);
  return form;
}

function onKey(event, { field, form, editLast }) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (event.key === "ArrowUp" && !field.value) editLast();
}

async function deliver({ field, files, chips, send, fit }) {
  const text = field.value.trim();
  if (!text && !files.length) return;
  const sent = files.splice(0);
  field.value = "";
  chips.replaceChildren();
  fit();
  if (await send({ text, files: sent })) return;
  field.value = field.value || text;
  addChips(files, chips, sent);
  fit();
}

function tools(field, files, chips, { session, shortcut }) {
  const input = el("input", { type: "file", multiple: true, hidden: true, "aria-label": "Attach files" });
  input.addEventListener("change", async () => {
    await addFiles(files, chips, input.files);
    input.value = "";
  });
  const tool = (name, label, action) => el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick: action }, icon(name));
  const type = (text) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input"));
  };
  const shortcuts = session.shortcuts.filter((one) => one.type === "global");
  const items = () => shortcuts.map((one) => ({ label: one.name, icon: "bolt", value: one.callback_id, choose: () => shortcut(one) }));
  return el(
    "div",
    { class: "composer-tools" },
    input,
    tool("clip", "Attach a file", () => input.click()),
    tool("smile", "Add an emoji", (event) => pickEmoji(event.currentTarget, (name) => type(`:${name}: `))),
    tool("at", "Mention somebody", () => type(/(^|\s)$/.test(field.value.slice(0, field.selectionStart)) ? "@" : " @")),
    shortcuts.length ? tool("bolt", "Shortcuts", (event) => openMenu(event.currentTarget, items())) : null,
  );
}

function takeFiles(form, add) {
  form.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}

async function addFiles(files, chips, chosen) {
  addChips(files, chips, await readFiles(chosen));
}

function addChips(files, chips, read) {
  for (const one of read) {
    files.push(one);
    chips.append(chip(one, files));
  }
  chips.dispatchEvent(new Event("filesChanged", { bubbles: true }));
}

function chip(one, files) {
  const drop = () => {
    files.splice(files.indexOf(one), 1);
    node.dispatchEvent(new Event("filesChanged", { bubbles: true }));
    node.remove();
  };
  const node = el("span", { class: "chip" }, icon("file"), one.name, el("button", { type: "button", class: "icon-button", "aria-label": `Remove ${one.name}`, onclick: drop }, icon("close")));
  return node;
}
