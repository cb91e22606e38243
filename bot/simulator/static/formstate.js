/**
 * What people have typed and chosen, in the shape Slack calls `state.values`.
 *
 * Every control that has a value is registered with a reader and a writer under its block id and action id; the state of
 * a message or a view is read from the document when it is needed, so it cannot differ from what is on the screen.
 */

const CONTROL = Symbol("control");

/** Make `node` a control: `read` returns its state object, `write` sets it from one. Returns the node. */
export function control(node, { blockId, element, read, write }) {
  node.dataset.input = "";
  node.dataset.blockId = blockId;
  node.dataset.actionId = element.action_id ?? "";
  node[CONTROL] = { blockId, actionId: element.action_id, type: element.type, read, write };
  return node;
}

/** Return the state of every control under `root`: {block_id: {action_id: {type, value | selected_…}}}. */
export function collectState(root) {
  const state = {};
  for (const { blockId, actionId, type, read } of controls(root)) {
    state[blockId] ??= {};
    state[blockId][actionId] = { type, ...read() };
  }
  return state;
}

/** Set the controls under `root` that `state` knows; the others keep their initial values. */
export function restoreState(root, state) {
  for (const { blockId, actionId, type, write } of controls(root)) {
    const known = state[blockId]?.[actionId];
    if (known?.type === type) write(known);
  }
}

function controls(root) {
  return [...root.querySelectorAll("[data-input]")].map((node) => node[CONTROL]);
}
