/**
 * Slack's own markup, as nodes.
 *
 * mrkdwn arrives escaped (`&amp; &lt; &gt;`) and its links and mentions sit in angle brackets. Lists are not part of the
 * language, but people and apps write them with bullets, so lines that look like items are set as a list.
 */
import { el, link } from "./dom.js";
import { emojiNode, textNodes } from "./emoji.js";
import { dated } from "./time.js";

const INLINE = new RegExp(
  [
    "<(?<special>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    "(?<![\\w*])\\*(?=\\S)(?<bold>[^\\n]+?)(?<=\\S)\\*(?![\\w*])",
    "(?<![\\w_])_(?=\\S)(?<italic>[^\\n]+?)(?<=\\S)_(?![\\w_])",
    "(?<![\\w~])~(?=\\S)(?<strike>[^\\n]+?)(?<=\\S)~(?![\\w~])",
    "(?<![\\w:]):(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
    "(?<url>https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]'\"*_~`])",
  ].join("|"),
);
const BULLET = /^(\s*)(?:[•◦▪‣*-]|(\d{1,3})[.)])\s+(.*)$/;
const QUOTE = /^(?:&gt;|>) ?(.*)$/;

/** Return the nodes of a text; `directory` names the people and channels it mentions. */
export function mrkdwn(text, directory) {
  return String(text ?? "").split(/```\n?/).flatMap((part, index) => {
    if (index % 2 === 1) return [el("pre", {}, el("code", {}, unescape(part.replace(/\n$/, ""))))];
    return paragraphs(part.replace(/^\s*\n|\s+$/g, "").replace(/^ +/, index ? "" : "$&"), directory);
  });
}

/** Return the nodes of one line. */
export function inline(text, directory) {
  const match = INLINE.exec(text);
  if (!match) return textNodes(unescape(text));
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return [...textNodes(unescape(before)), token(match.groups, directory), ...inline(after, directory)];
}

/** Return the node of a mention: a person, a channel, or everyone. */
export function mention(id, directory) {
  if (id.startsWith("C") || id.startsWith("G") || id.startsWith("D")) {
    const name = directory.channelName(id);
    return el("button", { type: "button", class: "mention", onclick: () => directory.openChannel(id) }, `#${name}`);
  }
  const mine = id === directory.me ? " mention-me" : "";
  return el("button", { type: "button", class: `mention${mine}`, onclick: () => directory.openPerson(id) }, `@${directory.personName(id)}`);
}

/** Return the text with its three escapes undone. Full-width # and @ are drawn as usual: many fonts lack them. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("＃", "#").replaceAll("＠", "@");
}

function paragraphs(text, directory) {
  const nodes = [];
  let lines = text.split("\n");
  while (lines.length) {
    if (!lines[0].trim()) {
      lines = lines.slice(1);
      continue;
    }
    const [node, rest] = chunk(lines, directory);
    nodes.push(node);
    lines = rest;
  }
  return nodes;
}

function chunk(lines, directory) {
  for (const [pattern, build] of [[QUOTE, quote], [BULLET, list]]) {
    const length = run(lines, pattern);
    if (length) return [build(lines.slice(0, length), directory), lines.slice(length)];
  }
  const end = lines.findIndex((line) => !line.trim() || QUOTE.test(line) || BULLET.test(line));
  const plain = end === -1 ? lines.length : end;
  return [paragraph(lines.slice(0, plain), directory), lines.slice(plain)];
}

function run(lines, pattern) {
  const end = lines.findIndex((line) => !pattern.test(line));
  return end === -1 ? lines.length : end;
}

function paragraph(lines, directory) {
  const parts = lines.map((line) => inline(line, directory));
  return el("p", {}, ...parts.flatMap((part, index) => (index ? [el("br"), ...part] : part)));
}

function quote(lines, directory) {
  return el("blockquote", {}, ...paragraphs(lines.map((line) => QUOTE.exec(line)[1]).join("\n"), directory));
}

function list(lines, directory) {
  const items = lines.map((line) => BULLET.exec(line));
  const ordered = items.every(([, , number]) => number);
  const rows = items.map(([, indent, , text]) => {
    const depth = Math.min(3, Math.floor(indent.length / 2));
    return el("li", { class: depth ? `depth-${depth}` : null }, ...inline(text, directory));
  });
  return el(ordered ? "ol" : "ul", ordered ? { start: items[0][2] } : {}, ...rows);
}

function token(groups, directory) {
  if (groups.special !== undefined) return special(groups.special, directory);
  if (groups.code !== undefined) return el("code", {}, unescape(groups.code));
  if (groups.bold !== undefined) return el("strong", {}, ...inline(groups.bold, directory));
  if (groups.italic !== undefined) return el("em", {}, ...inline(groups.italic, directory));
  if (groups.strike !== undefined) return el("del", {}, ...inline(groups.strike, directory));
  if (groups.emoji !== undefined) return emojiNode(groups.emoji);
  return link(unescape(groups.url), unescape(groups.url));
}

function special(source, directory) {
  const [target, label] = split(source);
  if (target.startsWith("@")) return mention(target.slice(1), directory);
  if (target.startsWith("#")) return mention(target.slice(1), directory);
  if (target.startsWith("!date^")) return date(target, unescape(label ?? ""));
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, unescape(label ?? "@group"));
  if (target.startsWith("!")) return el("span", { class: "mention mention-me" }, `@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), unescape(label ?? target.replace(/^mailto:/, "")));
}

function date(target, fallback) {
  const [, seconds, form, address] = target.split("^");
  const shown = el("time", { title: fallback }, dated(seconds, form ?? "") ?? fallback);
  return address ? link(unescape(address), shown) : shown;
}

function split(source) {
  const bar = source.indexOf("|");
  return bar === -1 ? [source, null] : [source.slice(0, bar), source.slice(bar + 1)];
}
