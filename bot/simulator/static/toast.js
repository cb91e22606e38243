/** Short notices at the bottom of the page, above everything, gone after eight seconds or a click. */
import { el } from "./dom.js";
import { icon } from "./icons.js";

const SECONDS = 8;

/** Say something that needs no answer; `kind` is "error" or "note". */
export function toast(text, kind = "error") {
  const layer = document.getElementById("toasts");
  const close = () => {
    node.remove();
    if (!layer.childElementCount && layer.matches(":popover-open")) layer.hidePopover();
  };
  const node = el(
    "div",
    { class: `toast toast-${kind}` },
    icon(kind === "error" ? "warning" : "check"),
    el("span", {}, text),
    el("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: close }, icon("close")),
  );
  layer.append(node);
  if (layer.matches(":popover-open")) layer.hidePopover();
  layer.showPopover();
  setTimeout(close, SECONDS * 1000);
}
