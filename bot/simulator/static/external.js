/** `external_select`: a menu whose options the app is asked for while one types. */
import { el } from "./dom.js";
import { control } from "./formstate.js";

const LEAST_TYPED = 3;

/** Return the node of an external_select; `scope.suggest` asks the app what fits a text. */
export function externalSelect(element, scope) {
  const options = new Map();
  const list = el("datalist", { id: `options-${crypto.randomUUID()}` });
  const label = scope.label ?? element.placeholder?.text ?? "Choose";
  const field = el("input", { class: "field", list: list.id, "aria-label": label, placeholder: element.placeholder?.text ?? "Type to search", autocomplete: "off" });
  let chosen = null;

  const choose = (option) => {
    chosen = option ?? null;
    if (chosen) field.value = chosen.text.text;
  };
  const ask = async () => {
    const answer = await scope.suggest(field.value);
    const found = answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
    for (const option of found) options.set(option.text.text, { text: option.text, value: option.value });
    list.replaceChildren(...found.map((option) => el("option", { value: option.text.text })));
  };
  field.addEventListener("input", () => {
    chosen = options.get(field.value) ?? null;
    if (chosen) scope.changed?.({ selected_option: chosen });
    else if (field.value.length >= (element.min_query_length ?? LEAST_TYPED)) ask();
  });
  choose(element.initial_option);
  return control(el("span", { class: "external" }, field, list), {
    ...scope,
    element,
    read: () => ({ selected_option: chosen }),
    write: (state) => choose(state.selected_option),
  });
}
