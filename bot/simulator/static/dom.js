/**
 * Build and update the document without ever parsing content as HTML.
 *
 * Everything people or the app wrote reaches the page as text nodes and checked addresses; this module is the only place
 * that creates elements, so there is one place to look for escaping.
 */

const SVG = "http://www.w3.org/2000/svg";
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Return a new element: `on…` properties become listeners, `dataset` an object of data attributes, the rest attributes. */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Return a new SVG element, as `el` does. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Return the address if a browser may follow it from content, else null: http, https, mailto and this page's own paths. */
export function safeUrl(address) {
  const text = String(address ?? "").trim();
  if (!URL.canParse(text, document.baseURI)) return null;
  return SAFE_SCHEMES.has(new URL(text, document.baseURI).protocol) ? text : null;
}

/** Return a link that opens beside the page, or the bare text when the address is not one to follow. */
export function link(address, ...children) {
  const href = safeUrl(address);
  if (href === null) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Make the children of `parent` be `rows`, reusing the nodes whose key and fingerprint did not change; `build` is given the node it replaces. */
export function reconcile(parent, rows) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = rows.map(({ key, print, build }) => {
    const known = old.get(key);
    if (known?.dataset.print === print) return known;
    const node = build(known);
    node.dataset.key = key;
    node.dataset.print = print;
    return node;
  });
  place(parent, nodes);
}

function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") for (const [key, text] of Object.entries(value)) setData(node, key, text);
  else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else node.setAttribute(name, value === true ? "" : String(value));
}

function setData(node, key, text) {
  if (text !== null && text !== undefined) node.dataset[key] = String(text);
}
