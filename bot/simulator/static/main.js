/**
 * Open the page: choose who acts, and start.
 *
 * The address decides; else whoever acted last in this browser; else the simulator, which is then asked without a name.
 */
import { Refused } from "./api.js";
import { Page } from "./page.js";
import { toast } from "./toast.js";

const REMEMBERED = "workspace-person";
const ANYBODY = null;

async function open(candidates) {
  for (const me of candidates) {
    const page = new Page(me, (person) => become(page, person));
    try {
      return await page.start();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (me === candidates.at(-1)) toast(`${error.message} Add ?as= and a person's id to the address.`);
    }
  }
}

async function become(page, person) {
  page.stop();
  localStorage.setItem(REMEMBERED, person);
  history.replaceState(null, "", `?${new URLSearchParams({ as: person })}${location.hash.split("/")[0]}`);
  await open([person]);
}

window.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Refused)) return;
  event.preventDefault();
  toast(event.reason.message);
});
document.getElementById("scrim").addEventListener("click", () => document.getElementById("app").classList.remove("menu-open"));
const asked = new URLSearchParams(location.search).get("as");
open([...[asked, localStorage.getItem(REMEMBERED)].filter(Boolean), ANYBODY]);
