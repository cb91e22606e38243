/** Files on messages: pictures shown, everything else as a line to open. */
import { el, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

/** Return the files of a message as `me` may see them, or null. */
export function filesOf(message, me) {
  if (!message.files?.length) return null;
  return el("div", { class: "files" }, ...message.files.map((one) => file(one, me)));
}

/** Return where `me` can read a file: a path of this server, whichever host name the app knows it by. */
export function fileAddress(address, me) {
  if (!address || safeUrl(address) === null) return null;
  const { pathname } = new URL(address, document.baseURI);
  return pathname.startsWith("/files/") ? `${pathname}?${new URLSearchParams({ as: me })}` : address;
}

/** Read files a person chose, as the simulator takes them. */
export function readFiles(chosen) {
  return Promise.all([...chosen].map(readFile));
}

function file(one, me) {
  const address = fileAddress(one.url_private ?? one.permalink ?? "", me);
  const name = one.title || one.name || "file";
  if (address && one.mimetype?.startsWith("image/")) return shown(one, address, name);
  const text = [el("strong", {}, name), el("small", { class: "muted" }, `${(one.filetype ?? "file").toUpperCase()} · ${size(one.size ?? 0)}`)];
  const body = [icon("file"), el("span", {}, ...text)];
  return address ? el("a", { class: "file", href: address, target: "_blank", rel: "noopener noreferrer" }, ...body) : el("span", { class: "file" }, ...body);
}

function shown(one, address, name) {
  const image = el("img", { src: address, alt: one.alt_txt ?? name, loading: "lazy" });
  return el("a", { class: "file-image", href: address, target: "_blank", rel: "noopener noreferrer" }, image, el("small", { class: "muted" }, name));
}


function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function readFile(chosen) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: chosen.name, content_base64: reader.result.slice(reader.result.indexOf(",") + 1) });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(chosen);
  });
}
