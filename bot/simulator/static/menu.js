/**
 * Small layers over the page: menus, the emoji picker, profile cards and confirmations.
 *
 * Menus are popovers, so the browser closes them on Escape or a click elsewhere; confirmations are dialogs. A layer is
 * added to the dialog it was opened from, because everything outside an open dialog is inert.
 */
import { el } from "./dom.js";
import { emojiNode, findEmoji } from "./emoji.js";
import { icon } from "./icons.js";

/** Open a menu of `items` ({label, choose, icon?, lead?, note?, danger?, current?, value?}) at `anchor`. */
export function openMenu(anchor, items) {
  const layer = openLayer(anchor, el("div", { class: "menu", role: "menu", popover: "auto" }));
  for (const item of items) layer.append(menuItem(item, layer));
  place(layer, anchor);
  moveWithArrows(layer);
  layer.querySelector("[role=menuitem]")?.focus();
}

/** Open a card with any content at `anchor`; returns a function that closes it. */
export function openCard(anchor, label, ...content) {
  const layer = openLayer(anchor, el("div", { class: "menu card-layer", role: "dialog", "aria-label": label, popover: "auto" }));
  layer.append(...content.filter(Boolean));
  place(layer, anchor);
  layer.querySelector("button, input")?.focus();
  return () => layer.hidePopover();
}

/** Open the emoji picker at `anchor` and call `chosen` with a short name. */
export function pickEmoji(anchor, chosen) {
  const grid = el("div", { class: "emoji-grid" });
  const field = el("input", { class: "field", type: "search", placeholder: "Find an emoji", "aria-label": "Find an emoji" });
  const close = openCard(anchor, "Emoji", field, grid);
  const choose = (name) => {
    close();
    chosen(name);
  };
  const show = () => grid.replaceChildren(...findEmoji(field.value).map((name) => emojiButton(name, choose)));
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") grid.querySelector("button")?.click();
  });
  show();
  field.focus();
  place(anchorLayer(field), anchor);
}

/** Ask a Block Kit confirmation and return whether the person agreed. */
export function confirmChoice(anchor, confirm) {
  const text = (object, otherwise) => object?.text ?? otherwise;
  return new Promise((resolve) => {
    const answer = (yes) => () => dialog.close(yes ? "yes" : "no");
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = el(
      "dialog",
      { class: "confirm", role: "alertdialog", "aria-label": text(confirm.title, "Please confirm") },
      el("h2", {}, text(confirm.title, "Please confirm")),
      el("p", {}, text(confirm.text, "")),
      el(
        "div",
        { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onclick: answer(false) }, text(confirm.deny, "Cancel")),
        el("button", { type: "button", class: `button button-${style}`, autofocus: true, onclick: answer(true) }, text(confirm.confirm, "OK")),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    host(anchor).append(dialog);
    dialog.showModal();
  });
}

function host(anchor) {
  return anchor?.closest?.("dialog") ?? document.body;
}

function openLayer(anchor, layer) {
  host(anchor).append(layer);
  layer.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.removeAttribute("aria-expanded");
    layer.remove();
  });
  layer.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  return layer;
}

function menuItem(item, layer) {
  const choose = () => {
    layer.hidePopover();
    item.choose();
  };
  const properties = { type: "button", role: "menuitem", "aria-current": item.current ? "true" : null, class: item.danger ? "menu-item danger" : "menu-item", dataset: { value: item.value }, onclick: choose };
  return el("button", properties, item.icon ? icon(item.icon) : (item.lead ?? null), el("span", {}, item.label), item.note ? el("small", {}, item.note) : null, item.current ? icon("check") : null);
}

function emojiButton(name, choose) {
  return el("button", { type: "button", class: "emoji-button", title: `:${name}:`, "aria-label": name, dataset: { emoji: name }, onclick: () => choose(name) }, emojiNode(name));
}

function anchorLayer(node) {
  return node.closest("[popover]");
}

function place(layer, anchor) {
  const box = anchor.getBoundingClientRect();
  const size = layer.getBoundingClientRect();
  const below = box.bottom + 4 + size.height <= window.innerHeight;
  const top = below ? box.bottom + 4 : Math.max(8, box.top - size.height - 4);
  const left = Math.min(Math.max(8, box.left), window.innerWidth - size.width - 8);
  layer.style.top = `${top}px`;
  layer.style.left = `${left}px`;
}

function moveWithArrows(layer) {
  layer.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...layer.querySelectorAll("[role=menuitem]")];
    const next = (items.indexOf(document.activeElement) + step + items.length) % items.length;
    items[next].focus();
  });
}
