/**
 * Block Kit elements that hold a value: text fields, selects, choices, dates.
 *
 * Each is built on the browser's own control, so keyboards and screen readers work as everywhere. `changed` is called
 * with the new state when the element should tell the app at once (outside input blocks, or `dispatch_action`).
 */
import { el } from "./dom.js";
import { externalSelect } from "./external.js";
import { control } from "./formstate.js";
import { mrkdwn } from "./mrkdwn.js";

const TEXT_TYPES = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};
const DATE_KEYS = {
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
};
const DIRECTORY_KEYS = {
  users_select: ["selected_user", "initial_user", "people"],
  channels_select: ["selected_channel", "initial_channel", "conversations"],
  conversations_select: ["selected_conversation", "initial_conversation", "conversations"],
};
const MULTI_DIRECTORY_KEYS = {
  multi_users_select: ["selected_users", "initial_users", "people"],
  multi_channels_select: ["selected_channels", "initial_channels", "conversations"],
  multi_conversations_select: ["selected_conversations", "initial_conversations", "conversations"],
};

/** Return the node of a value element, or null when this type holds none that the page knows. */
export function inputElement(element, scope) {
  const type = element.type;
  if (type === "plain_text_input" && element.multiline) return textArea(element, scope);
  if (type === "rich_text_input") return richTextInput(element, scope);
  if (DATE_KEYS[type]) return dateField(element, scope);
  if (type === "datetimepicker") return momentField(element, scope);
  if (TEXT_TYPES[type]) return textField(element, scope);
  if (type === "static_select") return select(element, scope, optionKeys(element));
  if (type === "external_select") return externalSelect(element, scope);
  if (DIRECTORY_KEYS[type]) return directorySelect(element, scope);
  if (type === "radio_buttons") return choices(element, scope, "radio");
  if (type === "checkboxes" || type === "multi_static_select") return choices(element, scope, "checkbox");
  if (MULTI_DIRECTORY_KEYS[type]) return directoryChoices(element, scope);
  return null;
}

function attributes(element, scope) {
  return {
    "aria-label": scope.label ?? element.placeholder?.text ?? element.accessibility_label ?? element.type.replaceAll("_", " "),
    "aria-describedby": scope.describedBy,
    autofocus: element.focus_on_load,
    class: "field",
  };
}

function textField(element, scope) {
  const node = el("input", {
    ...attributes(element, scope),
    type: TEXT_TYPES[element.type],
    placeholder: element.placeholder?.text,
    value: element.initial_value,
    maxlength: element.max_length,
    minlength: element.min_length,
    min: element.min_value,
    max: element.max_value,
    step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : 1) : null,
    autocomplete: "off",
  });
  return valueControl(node, element, scope);
}

function textArea(element, scope) {
  const node = el("textarea", { ...attributes(element, scope), rows: 4, placeholder: element.placeholder?.text, maxlength: element.max_length });
  node.value = element.initial_value ?? "";
  return valueControl(node, element, scope);
}

function valueControl(node, element, scope) {
  node.addEventListener("change", () => scope.changed?.({ value: node.value || null }));
  return control(node, {
    ...scope,
    element,
    read: () => ({ value: node.value || null }),
    write: (state) => (node.value = state.value ?? ""),
  });
}

function richTextInput(element, scope) {
  const node = el("textarea", { ...attributes(element, scope), rows: 4, placeholder: element.placeholder?.text });
  const section = () => ({ type: "rich_text_section", elements: [{ type: "text", text: node.value }] });
  const plain = (value) => (value?.elements ?? []).flatMap((part) => part.elements ?? []).map((run) => run.text ?? "").join("");
  node.value = plain(element.initial_value);
  return control(node, {
    ...scope,
    element,
    read: () => ({ rich_text_value: node.value ? { type: "rich_text", elements: [section()] } : null }),
    write: (state) => (node.value = plain(state.rich_text_value)),
  });
}

function dateField(element, scope) {
  const [key, initial] = DATE_KEYS[element.type];
  const node = el("input", { ...attributes(element, scope), type: TEXT_TYPES[element.type], value: element[initial] });
  const read = () => ({ [key]: node.value || null });
  node.addEventListener("change", () => scope.changed?.(read()));
  return control(node, { ...scope, element, read, write: (state) => (node.value = state[key] ?? "") });
}

function momentField(element, scope) {
  const node = el("input", { ...attributes(element, scope), type: "datetime-local" });
  const write = (seconds) => {
    const local = seconds ? new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60000) : null;
    node.value = local ? local.toISOString().slice(0, 16) : "";
  };
  const read = () => ({ selected_date_time: node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null });
  write(element.initial_date_time);
  node.addEventListener("change", () => scope.changed?.(read()));
  return control(node, { ...scope, element, read, write: (state) => write(state.selected_date_time) });
}

function optionKeys(element) {
  const groups = element.option_groups ?? [{ label: null, options: element.options ?? [] }];
  const rows = groups.map((group) => ({
    label: group.label?.text ?? null,
    options: group.options.map((option) => ({ key: option.value, text: option.text.text, value: bare(option) })),
  }));
  return { key: "selected_option", groups: rows, initial: element.initial_option?.value };
}

function bare(option) {
  return { text: option.text, value: option.value };
}

function select(element, scope, { key, groups, initial }) {
  const all = new Map(groups.flatMap((group) => group.options).map((option) => [option.key, option.value]));
  const options = (group) => group.options.map((option) => el("option", { value: option.key }, option.text));
  const node = el(
    "select",
    attributes(element, scope),
    el("option", { value: "" }, element.placeholder?.text ?? "Choose…"),
    ...groups.map((group) => (group.label ? el("optgroup", { label: group.label }, ...options(group)) : options(group))),
  );
  node.value = initial ?? "";
  const read = () => ({ [key]: all.get(node.value) ?? null });
  node.addEventListener("change", () => scope.changed?.(read()));
  const keyOf = (value) => value?.value ?? value ?? "";
  return control(node, { ...scope, element, read, write: (state) => (node.value = keyOf(state[key])) });
}

function directorySelect(element, scope) {
  const [key, initial, list] = DIRECTORY_KEYS[element.type];
  const options = scope.directory[list]().map(({ id, name }) => ({ key: id, text: name, value: id }));
  return select(element, scope, { key, groups: [{ label: null, options }], initial: element[initial] });
}

function choices(element, scope, kind) {
  const options = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
  const first = element.initial_options ?? (element.initial_option ? [element.initial_option] : []);
  const rows = options.map((option) => ({ key: option.value, text: option.text, description: option.description, value: bare(option) }));
  const state = (values) => (kind === "radio" ? { selected_option: values[0] ?? null } : { selected_options: values });
  const chosen = (known) => (known.selected_options ?? [known.selected_option]).filter(Boolean).map((option) => option.value);
  return choiceList(element, scope, { kind, rows, first: first.map((option) => option.value), state, chosen });
}

function directoryChoices(element, scope) {
  const [key, initial, list] = MULTI_DIRECTORY_KEYS[element.type];
  const rows = scope.directory[list]().map(({ id, name }) => ({ key: id, text: { type: "plain_text", text: name }, value: id }));
  const how = { kind: "checkbox", rows, first: element[initial] ?? [], state: (values) => ({ [key]: values }), chosen: (known) => known[key] ?? [] };
  return choiceList(element, scope, how);
}

function choiceList(element, scope, { kind, rows, first, state, chosen }) {
  const name = `${scope.blockId}-${element.action_id}-${crypto.randomUUID()}`;
  const boxes = rows.map((row) => el("input", { type: kind, name, value: row.key, checked: first.includes(row.key) }));
  const values = () => rows.filter((_, index) => boxes[index].checked).map((row) => row.value);
  const read = () => state(values());
  const node = el(
    "div",
    { ...attributes(element, scope), class: rows.length > 8 ? "choices choices-long" : "choices", role: kind === "radio" ? "radiogroup" : "group" },
    ...rows.map((row, index) => choice(row, boxes[index], scope)),
  );
  node.addEventListener("change", () => scope.changed?.(read()));
  const write = (known) => boxes.forEach((box) => (box.checked = chosen(known).includes(box.value)));
  return control(node, { ...scope, element, read, write });
}

function choice(row, box, scope) {
  const text = (object) => (object.type === "mrkdwn" ? mrkdwn(object.text, scope.directory) : [object.text]);
  const description = row.description ? el("span", { class: "choice-description" }, ...text(row.description)) : null;
  return el("label", { class: "choice" }, box, el("span", { class: "choice-text" }, ...text(row.text), description));
}
