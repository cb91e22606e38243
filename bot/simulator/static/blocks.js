/**
 * Block Kit blocks, as nodes.
 *
 * A block type the page does not know shows its name, so that what an app sends is never silently missing. `context` is
 * {directory, act, suggest}: who is who, how a click reaches the app, and how the app is asked for options.
 */
import { chart } from "./chart.js";
import { el, link } from "./dom.js";
import { blockElement, picture, plainText, plainTextNodes, suggester } from "./elements.js";
import { inputElement } from "./inputs.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const STATUS = { pending: "Waiting", in_progress: "Working", complete: "Done", error: "Failed" };

/** Return the nodes of a list of blocks; `errors` maps a block id to what is wrong with its input. */
export function renderBlocks(blocks, context, errors = {}) {
  return (blocks ?? []).map((block) => renderBlock(block, context, errors));
}

function renderBlock(block, context, errors) {
  const build = BUILDERS[block?.type];
  const node = build ? build(block, context, errors) : unknown(block);
  node.classList.add("block", `block-${build ? block.type : "unknown"}`);
  if (block?.block_id) node.dataset.blockId = block.block_id;
  return node;
}

/** Return the nodes of a text object. */
export function textObject(object, context) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, context.directory);
  const lines = String(object.text ?? "").split("\n");
  return lines.flatMap((line, index) => [index ? el("br") : "", ...plainTextNodes({ ...object, text: line })]);
}

function unknown(block) {
  return el("div", { class: "unknown" }, `This page does not show blocks of type “${block?.type ?? "none"}”.`);
}

function section(block, context) {
  const fields = (block.fields ?? []).map((field) => el("div", { class: "section-field" }, ...textObject(field, context)));
  return el(
    "div",
    {},
    el(
      "div",
      { class: "section-body" },
      block.text ? el("div", { class: "prose" }, ...textObject(block.text, context)) : null,
      fields.length ? el("div", { class: "section-fields prose" }, ...fields) : null,
    ),
    block.accessory ? el("div", { class: "section-accessory" }, blockElement(block.accessory, block, context)) : null,
  );
}

function contextBlock(block, context) {
  const parts = (block.elements ?? []).map((element) =>
    element.type === "image" ? picture(element, context, { class: "context-image" }) : el("span", { class: "prose" }, ...textObject(element, context)),
  );
  return el("div", {}, ...parts);
}

function image(block, context) {
  const title = block.title ? el("figcaption", {}, plainText(block.title)) : null;
  return el("figure", {}, title, picture(block, context));
}

function input(block, context, errors) {
  const id = `input-${crypto.randomUUID()}`;
  const hint = block.hint ? el("p", { class: "hint" }, plainText(block.hint)) : null;
  const error = el("p", { class: "field-error", id, role: "alert", dataset: { errorFor: block.block_id } }, errors[block.block_id] ?? "");
  const element = block.element ?? {};
  const changed = block.dispatch_action ? (state) => context.act(field, { block_id: block.block_id, action_id: element.action_id, ...state }) : null;
  const scope = { blockId: block.block_id, directory: context.directory, label: plainText(block.label), describedBy: id, changed, suggest: suggester(element, block, context) };
  const field = inputElement(element, scope) ?? el("span", { class: "unknown" }, `[${element.type}]`);
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  return el("div", { class: errors[block.block_id] ? "has-error" : null }, el("div", { class: "label" }, plainText(block.label), optional), field, error, hint);
}

function table(block, context) {
  const settings = block.column_settings ?? [];
  const rows = (block.rows ?? []).map((row, index) => el("tr", {}, ...row.map((cell, column) => tableCell(cell, { head: index === 0, align: settings[column]?.align, context }))));
  const caption = block.caption ? el("caption", {}, block.caption) : null;
  return el("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": block.caption ?? "Table" }, el("table", {}, caption, el("thead", {}, rows[0]), el("tbody", {}, ...rows.slice(1))));
}

function tableCell(cell, { head, align, context }) {
  const content = cell.type === "rich_text" ? richText(cell, context.directory) : [String(cell.text ?? cell.value ?? "")];
  const side = align ?? (cell.type === "raw_number" ? "right" : "left");
  return el(head ? "th" : "td", { scope: head ? "col" : null, class: `align-${side}` }, ...content);
}

function card(block, context) {
  const texts = ["title", "subtitle", "body"].map((part) => (block[part] ? el("div", { class: `card-${part} prose` }, ...textObject(block[part], context)) : null));
  const buttons = (block.actions ?? []).map((element) => blockElement(element, block, context));
  return el(
    "div",
    {},
    block.hero_image ? picture(block.hero_image, context, { class: "card-hero" }) : null,
    el("div", { class: "card-text" }, block.icon ? picture(block.icon, context, { class: "card-icon" }) : null, el("div", {}, ...texts)),
    buttons.length ? el("div", { class: "card-actions" }, ...buttons) : null,
  );
}

function task(block, context) {
  const sources = (block.sources ?? []).map((source) => link(source.url, source.text ?? source.url));
  const parts = [block.details, block.output].filter(Boolean).flatMap((part) => (typeof part === "string" ? markdown(part) : richText(part, context.directory)));
  return el(
    "div",
    { dataset: { status: block.status } },
    el("span", { class: "task-status" }, STATUS[block.status] ?? block.status),
    el("div", { class: "prose" }, el("p", {}, el("strong", {}, block.title ?? "")), ...parts, sources.length ? el("p", { class: "task-sources" }, ...sources) : null),
  );
}

function plan(block, context) {
  const title = typeof block.title === "string" ? block.title : plainText(block.title);
  const tasks = (block.tasks ?? []).map((one) => renderBlock({ ...one, type: "task_card" }, context, {}));
  return el("div", {}, el("p", { class: "plan-title" }, title), ...tasks);
}

const BUILDERS = {
  header: (block) => el("h3", {}, ...plainTextNodes(block.text)),
  section,
  divider: () => el("hr", { class: "divider" }),
  context: contextBlock,
  actions: (block, context) => el("div", {}, ...(block.elements ?? []).map((element) => blockElement(element, block, context))),
  context_actions: (block, context) => el("div", {}, ...(block.elements ?? []).map((element) => blockElement(element, block, context))),
  image,
  input,
  markdown: (block) => el("div", { class: "prose" }, ...markdown(block.text)),
  rich_text: (block, context) => el("div", { class: "prose" }, ...richText(block, context.directory)),
  table,
  data_table: table,
  card,
  carousel: (block, context) => el("div", { tabindex: 0, role: "group", "aria-label": "Cards" }, ...renderBlocks((block.elements ?? []).map((one) => ({ ...one, type: "card" })), context)),
  container: (block, context) => el("div", {}, block.title ? el("p", { class: "plan-title" }, plainText(block.title)) : null, ...renderBlocks(block.child_blocks ?? block.blocks ?? block.elements, context)),
  task_card: task,
  plan,
  alert: (block, context) => el("div", { dataset: { level: block.level }, role: "note" }, ...textObject(block.text, context)),
  data_visualization: chart,
  file: (block) => el("div", { class: "unknown" }, `File ${block.external_id ?? ""}`),
};
