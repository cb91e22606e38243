/**
 * `rich_text` blocks, as nodes: sections, lists, quotes and preformatted text made of styled runs.
 */
import { el, link } from "./dom.js";
import { emojiNode, textNodes } from "./emoji.js";
import { mention } from "./mrkdwn.js";

const STYLES = [["code", "code"], ["strike", "del"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]];

/** Return the nodes of a rich_text block. Neighbouring lists of different depth stay separate, as Slack sends them. */
export function richText(block, directory) {
  return (block.elements ?? []).map((element) => group(element, directory));
}

function group(element, directory) {
  const runs = element.elements ?? [];
  switch (element.type) {
    case "rich_text_section":
      return el("p", {}, ...runs.flatMap((run) => node(run, directory)));
    case "rich_text_quote":
      return el("blockquote", {}, el("p", {}, ...runs.flatMap((run) => node(run, directory))));
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, ...runs.flatMap((run) => node(run, directory))));
    case "rich_text_list":
      return list(element, directory);
    default:
      return el("span", { class: "unknown" }, `[${element.type}]`);
  }
}

function list(element, directory) {
  const ordered = element.style === "ordered";
  const depth = Math.min(3, element.indent ?? 0);
  const start = ordered && element.offset ? element.offset + 1 : null;
  const items = (element.elements ?? []).map((item) => el("li", {}, ...(item.elements ?? []).flatMap((run) => node(run, directory))));
  return el(ordered ? "ol" : "ul", { class: depth ? `depth-${depth}` : null, start }, ...items);
}

function node(run, directory) {
  return [styled(bare(run, directory), run.style ?? {})];
}

function bare(run, directory) {
  switch (run.type) {
    case "text":
      return el("span", { class: "run" }, ...textNodes(run.text ?? ""));
    case "link":
      return link(run.url, run.text || run.url);
    case "user":
      return mention(run.user_id, directory);
    case "channel":
      return mention(run.channel_id, directory);
    case "broadcast":
      return el("span", { class: "mention mention-me" }, `@${run.range}`);
    case "usergroup":
      return el("span", { class: "mention" }, "@group");
    case "emoji":
      return emojiNode(run.name);
    case "date":
      return el("time", {}, run.fallback ?? new Date(run.timestamp * 1000).toLocaleString());
    case "color":
      return el("code", {}, run.value ?? "");
    default:
      return el("span", { class: "unknown" }, `[${run.type}]`);
  }
}

function styled(inner, style) {
  return STYLES.reduce((child, [name, tag]) => (style[name] ? el(tag, {}, child) : child), inner);
}
