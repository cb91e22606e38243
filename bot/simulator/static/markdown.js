/**
 * Standard Markdown (the `markdown` block), as nodes: headings, lists, quotes, tables, code, rules and inline marks.
 *
 * Pictures become links: an answer must not make the reader's browser fetch from elsewhere.
 */
import { el, link } from "./dom.js";
import { emojiNode, textNodes } from "./emoji.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`]+)`",
    "!?\\[(?<label>[^\\]]*)\\]\\((?<target>[^)\\s]+)(?:\\s+\"[^\"]*\")?\\)",
    "<(?<auto>https?://[^>\\s]+)>",
    "\\*\\*(?=\\S)(?<bold>.+?)(?<=\\S)\\*\\*",
    "~~(?=\\S)(?<strike>.+?)(?<=\\S)~~",
    "(?<![\\w*])\\*(?=\\S)(?<italic>[^*]+?)(?<=\\S)\\*(?![\\w*])",
    "(?<![\\w_])_(?=\\S)(?<under>.+?)(?<=\\S)_(?![\\w_])",
    "(?<![\\w:]):(?<emoji>[a-z0-9_+'-]+):",
    "(?<url>https?://[^\\s<>]*[^\\s<>.,;:!?)\\]'\"*_~`])",
  ].join("|"),
  "s",
);
const ITEM = /^(\s*)(?:[-*+]|(\d{1,4})[.)])\s+(.*)$/;
const BLOCKS = [
  [/^```/, fence],
  [/^#{1,6}\s/, heading],
  [/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, rule],
  [/^>/, quote],
  [ITEM, list],
  [/^\s*\|.*\|\s*$/, table],
];

/** Return the nodes of a Markdown text. */
export function markdown(text) {
  const nodes = [];
  let lines = String(text ?? "").split("\n");
  while (lines.length) {
    const [, build] = BLOCKS.find(([pattern]) => pattern.test(lines[0])) ?? [null, paragraph];
    const [node, used] = lines[0].trim() ? build(lines) : [null, 1];
    if (node) nodes.push(node);
    lines = lines.slice(used);
  }
  return nodes;
}

/** Return the nodes of one line of Markdown. */
export function markdownLine(text) {
  const match = INLINE.exec(text);
  if (!match) return textNodes(text);
  const rest = text.slice(match.index + match[0].length);
  return [...textNodes(text.slice(0, match.index)), token(match.groups), ...markdownLine(rest)];
}

function token(groups) {
  if (groups.code !== undefined) return el("code", {}, groups.code);
  if (groups.target !== undefined) return link(groups.target, ...markdownLine(groups.label || groups.target));
  if (groups.bold !== undefined) return el("strong", {}, ...markdownLine(groups.bold));
  if (groups.strike !== undefined) return el("del", {}, ...markdownLine(groups.strike));
  if (groups.italic !== undefined) return el("em", {}, ...markdownLine(groups.italic));
  if (groups.under !== undefined) return el("em", {}, ...markdownLine(groups.under));
  if (groups.emoji !== undefined) return emojiNode(groups.emoji);
  const address = groups.auto ?? groups.url;
  return link(address, address);
}

function until(lines, stop) {
  const end = lines.findIndex((line, index) => index > 0 && stop(line));
  return end === -1 ? lines.length : end;
}

function fence(lines) {
  const end = until(lines, (line) => line.startsWith("```"));
  return [el("pre", {}, el("code", {}, lines.slice(1, end).join("\n"))), end + 1];
}

function heading(lines) {
  const [, marks, text] = /^(#{1,6})\s+(.*)$/.exec(lines[0]) ?? [null, "#", lines[0].replace(/^#+/, "")];
  return [el("p", { class: "md-heading", role: "heading", "aria-level": marks.length + 2, "data-level": marks.length }, ...markdownLine(text)), 1];
}

function rule() {
  return [el("hr", { class: "divider" }), 1];
}

function quote(lines) {
  const end = until(lines, (line) => !line.startsWith(">"));
  const inner = lines.slice(0, end).map((line) => line.replace(/^> ?/, ""));
  return [el("blockquote", {}, ...markdown(inner.join("\n"))), end];
}

function list(lines) {
  const end = until(lines, (line) => !ITEM.test(line));
  const items = lines.slice(0, end).map((line) => ITEM.exec(line));
  const ordered = Boolean(items[0][2]);
  const rows = items.map(([, indent, , text]) => {
    const depth = Math.min(3, Math.floor(indent.length / 2));
    return el("li", { class: depth ? `depth-${depth}` : null }, ...markdownLine(text));
  });
  return [el(ordered ? "ol" : "ul", ordered ? { start: items[0][2] } : {}, ...rows), end];
}

function table(lines) {
  const end = until(lines, (line) => !/^\s*\|.*\|\s*$/.test(line));
  const rows = lines.slice(0, end).filter((line) => !/^[\s|:-]+$/.test(line));
  const cells = rows.map((line) => line.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const head = el("tr", {}, ...(cells[0] ?? []).map((cell) => el("th", { scope: "col" }, ...markdownLine(cell))));
  const body = cells.slice(1).map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, ...markdownLine(cell)))));
  return [el("div", { class: "table-scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body))), end];
}

function paragraph(lines) {
  const end = until(lines, (line) => !line.trim() || BLOCKS.some(([pattern]) => pattern.test(line)));
  const parts = lines.slice(0, end).map((line) => markdownLine(line));
  return [el("p", {}, ...parts.flatMap((part, index) => (index ? [el("br"), ...part] : part))), end];
}
