/**
 * Modals: the top of the view stack as a dialog.
 *
 * The simulator holds the stack; the page shows its last view and tells it about submit, close and clicks. When the app
 * updates a view, what was typed in inputs with the same block id and action id stays, as in Slack.
 */
import { renderBlocks } from "./blocks.js";
import { Refused } from "./api.js";
import { el } from "./dom.js";
import { plainText } from "./elements.js";
import { collectState, restoreState } from "./formstate.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

/** The stack of modals of one person. */
export class Modals {
  constructor(api, session) {
    this.api = api;
    this.session = session;
    this.host = document.getElementById("modals");
    this.typed = new Map();
    this.shown = null;
  }

  /** Fetch the stack and show its top. */
  async refresh() {
    const { views } = await this.api.read("views");
    const top = views.at(-1) ?? null;
    this.keep();
    if (!top) return this.clear();
    const print = JSON.stringify([top.id, views.length, top.title, top.submit, top.close, top.blocks]);
    if (this.shown?.print === print) return this.showErrors(top.errors ?? {});
    this.show(top, views.length > 1);
    this.shown = { id: top.id, print };
    return this.showErrors(top.errors ?? {});
  }

  /** Forget everything, for another person. */
  clear() {
    this.host.replaceChildren();
    this.typed.clear();
    this.shown = null;
  }

  keep() {
    if (this.shown && this.dialog) this.typed.set(this.shown.id, collectState(this.dialog));
  }

  get dialog() {
    return this.host.querySelector("dialog.modal");
  }

  show(view, stacked) {
    const held = this.shown?.id === view.id ? document.activeElement?.closest("[data-input]")?.dataset.actionId : null;
    const dialog = this.build(view, stacked);
    restoreState(dialog, this.typed.get(view.id) ?? {});
    this.host.replaceChildren(dialog);
    dialog.showModal();
    const again = held && dialog.querySelector(`[data-input][data-action-id="${CSS.escape(held)}"]`);
    const first = again || dialog.querySelector("[autofocus], .modal-body .field, .modal-body input, .modal-body button");
    (first ?? dialog.querySelector("button")).focus();
  }

  build(view, stacked) {
    const title = plainText(view.title);
    const context = { directory: this.session, act: (_, payload) => this.act(view, payload), suggest: (payload) => this.api.send("options", { view_id: view.id, ...payload }) };
    const close = () => this.close(view);
    const form = el(
      "form",
      { class: "modal-form", method: "dialog", novalidate: true },
      el(
        "header",
        { class: "modal-head" },
        el("h2", {}, title),
        el("button", { type: "button", class: "icon-button", "aria-label": stacked ? "Back" : "Close", onclick: close }, icon(stacked ? "back" : "close")),
      ),
      el("div", { class: "modal-body" }, ...renderBlocks(view.blocks, context)),
      this.foot(view, close),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(view);
    });
    const dialog = el("dialog", { class: "modal", role: "dialog", "aria-label": title, "data-view-id": view.id, "data-callback-id": view.callback_id }, form);
    dialog.addEventListener("cancel", (event) => {
      if (event.target !== dialog) return;
      event.preventDefault();
      close();
    });
    return dialog;
  }

  foot(view, close) {
    const submit = view.submit ? el("button", { type: "submit", class: "button button-primary" }, plainText(view.submit)) : null;
    return el("footer", { class: "modal-foot" }, el("button", { type: "button", class: "button", onclick: close }, view.close ? plainText(view.close) : "Close"), submit);
  }

  showErrors(errors) {
    if (!this.dialog) return;
    for (const place of this.dialog.querySelectorAll("[data-error-for]")) {
      const text = errors[place.dataset.errorFor] ?? "";
      place.textContent = text;
      place.closest(".block").classList.toggle("has-error", Boolean(text));
    }
    this.dialog.querySelector(".has-error [data-input]")?.focus();
  }

  async submit(view) {
    if (!view.submit) return;
    const button = this.dialog.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    const answer = await this.try(() => this.api.send(`views/${view.id}/submit`, { state: collectState(this.dialog) }));
    button.removeAttribute("aria-busy");
    await this.refresh();
    if (answer?.errors) this.showErrors(answer.errors);
  }

  async close(view) {
    await this.try(() => this.api.send(`views/${view.id}/close`));
    await this.refresh();
  }

  async act(view, payload) {
    const state = this.dialog ? collectState(this.dialog) : {};
    await this.try(() => this.api.send("actions", { view_id: view.id, state, ...payload }));
  }

  async try(call) {
    try {
      const answer = await call();
      if (answer.error) toast(answer.error);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(error.message);
      return null;
    }
  }
}
