/** The app's Home tab. */
import { attempt } from "./actions.js";
import { renderBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { collectState, restoreState } from "./formstate.js";

/** Show a Home view in `home`, keeping what was chosen in it; nothing happens when it did not change. */
export function drawHome(home, view, { api, session }) {
  const print = JSON.stringify(view?.blocks ?? null);
  if (home.dataset.print === print) return;
  const known = collectState(home);
  const context = {
    directory: session,
    act: (_, payload) => attempt(() => api.send("actions", { view_id: view.id, state: collectState(home), ...payload })),
    suggest: (payload) => api.send("options", { view_id: view.id, ...payload }),
  };
  const content = view ? renderBlocks(view.blocks, context) : [nothing()];
  home.replaceChildren(el("div", { class: "home-page" }, ...content));
  home.dataset.print = print;
  restoreState(home, known);
}

function nothing() {
  return el("div", { class: "welcome" }, el("h3", {}, "Nothing here yet"), el("p", { class: "muted" }, "The app has not published its home."));
}
