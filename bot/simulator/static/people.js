/** Pictures of people: initials on their own colour, for nobody's photograph is needed here. */
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openCard } from "./menu.js";

/** Return a person's avatar; `size` is small, medium or large. */
export function avatar(person, size = "medium") {
  const color = /^#?[0-9a-f]{6}$/i.test(person.avatar_color ?? "") ? `#${person.avatar_color.replace("#", "")}` : "#5b7083";
  return el("span", { class: `avatar avatar-${size}${person.is_bot ? " avatar-app" : ""}`, style: { "--person": color }, "aria-hidden": "true" }, initials(person));
}

/** Return up to two letters for a person. */
export function initials(person) {
  const words = (person.real_name || person.name || "?").split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0]).join("").toUpperCase();
}

/** Open a card about a person at `anchor`; `write` opens a conversation with them. */
export function openProfile(anchor, person, { me, write }) {
  const start = el("button", { type: "button", class: "button" }, icon("reply"), person.is_bot ? "Open app" : "Message");
  const close = openCard(
    anchor,
    person.real_name,
    el(
      "div",
      { class: "profile" },
      avatar(person, "large"),
      el("strong", {}, person.real_name || person.name, person.is_bot ? el("span", { class: "badge" }, "App") : null),
      el("span", { class: "muted" }, person.title || (person.is_bot ? "App" : "")),
      el("span", { class: "muted" }, `@${person.name} · ${person.id}`),
      person.id === me ? null : start,
    ),
  );
  start.addEventListener("click", () => {
    close();
    write(person.id);
  });
}
