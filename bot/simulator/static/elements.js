/**
 * Block Kit elements people click: buttons, overflow menus, feedback buttons, icon buttons, and pictures.
 *
 * Every button carries `data-action-id` and `data-block-id`. A click asks for confirmation when the app wants one, then
 * shows that it is waiting until the app has answered.
 */
import { el, link, safeUrl } from "./dom.js";
import { emoji, plainNodes } from "./emoji.js";
import { fileAddress } from "./files.js";
import { icon } from "./icons.js";
import { inputElement } from "./inputs.js";
import { confirmChoice, openMenu } from "./menu.js";

const ICONS = { trash: "trash", thumbs_up: "thumbs_up", thumbs_down: "thumbs_down", copy: "copy", reply: "reply", link: "link", pencil: "pencil" };

/** Return the node of any element inside an actions block, an accessory or a card. */
export function blockElement(element, block, context) {
  const build = BUILDERS[element.type];
  if (build) return build(element, block, context);
  const changed = (state) => act(node, element, block, { context, state });
  const scope = { blockId: block.block_id, directory: context.directory, changed, suggest: suggester(element, block, context) };
  const node = inputElement(element, scope);
  return node ?? el("span", { class: "unknown" }, `[${element.type}]`);
}

/** Return how an external_select asks the app for options. */
export function suggester(element, block, context) {
  return (value) => context.suggest({ block_id: block.block_id, action_id: element.action_id, value });
}

/** Return text with its `:emoji:` short names replaced, as plain_text objects show them. */
export function plainText(object) {
  const text = object?.text ?? "";
  if (object?.emoji === false) return text;
  return text.replace(/(?<![\w:]):([a-z0-9_+'-]+):/g, (_, name) => emoji(name));
}

/** Return a plain_text object as nodes, its emoji as they can be shown here. */
export function plainTextNodes(object) {
  return object?.emoji === false ? [object.text] : plainNodes(object?.text ?? "");
}

/** Return a picture, replaced by its description when it cannot be shown. */
export function picture(element, context, properties = {}) {
  const uploaded = element.slack_file?.id ? `${location.origin}/files/${element.slack_file.id}/picture` : "";
  const address = fileAddress(element.image_url ?? element.slack_file?.url ?? uploaded, context.directory.me);
  const alt = element.alt_text ?? "";
  if (address === null) return el("span", { class: "no-picture" }, alt || "picture");
  const node = el("img", { ...properties, src: address, alt, loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(el("span", { class: "no-picture" }, link(address, alt || "picture"))));
  return node;
}

function button(element, block, context) {
  const style = element.style ? ` button-${element.style}` : "";
  const properties = { class: `button${style}`, dataset: ids(element, block), "aria-label": element.accessibility_label };
  const node = el("button", { type: "button", ...properties }, ...plainTextNodes(element.text));
  if (element.url) node.append(icon("link"));
  node.addEventListener("click", () => {
    if (element.url && safeUrl(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
    act(node, element, block, { context, state: { value: element.value } });
  });
  return node;
}

function iconButton(element, block, context) {
  const label = element.accessibility_label ?? plainText(element.text);
  const node = el("button", { type: "button", class: "icon-button", title: plainText(element.text), "aria-label": label, dataset: ids(element, block) }, icon(ICONS[element.icon] ?? "more"));
  node.addEventListener("click", () => act(node, element, block, { context, state: { value: element.value } }));
  return node;
}

function feedbackButtons(element, block, context) {
  const one = (choice, name) => {
    const label = choice.accessibility_label ?? plainText(choice.text);
    const properties = { type: "button", class: "icon-button", "aria-label": label, title: plainText(choice.text), dataset: { ...ids(element, block), value: choice.value } };
    const node = el("button", properties, icon(name));
    node.addEventListener("click", () => act(node, element, block, { context, state: { value: choice.value } }));
    return node;
  };
  return el("span", { class: "feedback", role: "group" }, one(element.positive_button, "thumbs_up"), one(element.negative_button, "thumbs_down"));
}

function overflow(element, block, context) {
  const node = el("button", { type: "button", class: "button button-overflow", "aria-label": "More options", "aria-haspopup": "menu", dataset: ids(element, block) }, icon("more"));
  const choose = (option) => {
    if (option.url && safeUrl(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    act(node, element, block, { context, state: { selected_option: { text: option.text, value: option.value } } });
  };
  node.addEventListener("click", () => {
    openMenu(node, element.options.map((option) => ({ label: plainText(option.text), value: option.value, choose: () => choose(option) })));
  });
  return node;
}

const BUILDERS = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
  image: (element, _, context) => picture(element, context, { class: "accessory-image" }),
};

function ids(element, block) {
  return { actionId: element.action_id ?? "", blockId: block.block_id ?? "", value: element.value };
}

async function act(node, element, block, { context, state }) {
  if (element.confirm && !(await confirmChoice(node, element.confirm))) return;
  node.setAttribute("aria-busy", "true");
  await context.act(node, { block_id: block.block_id, action_id: element.action_id, ...state });
  node.removeAttribute("aria-busy");
}
