/**
 * `data_visualization` blocks as small drawings: bar, line, area and pie.
 *
 * The same figures are in a table for screen readers, so a drawing is never the only copy of a number.
 */
import { el, svg } from "./dom.js";

const WIDTH = 560;
const HEIGHT = 220;
const LEFT = 44;
const BOTTOM = 30;
const TOP = 12;
const PLOT_WIDTH = WIDTH - LEFT - 8;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Return the figure of a data_visualization block. */
export function chart(block) {
  const spec = block.chart ?? {};
  const drawing = spec.type === "pie" ? pie(spec.segments ?? []) : plot(spec);
  return el(
    "figure",
    { class: "chart", "data-chart": spec.type },
    el("figcaption", {}, block.title ?? ""),
    drawing,
    legend(spec.type === "pie" ? (spec.segments ?? []).map((part) => part.label) : (spec.series ?? []).map((one) => one.name)),
    figures(spec),
  );
}

function plot(spec) {
  const series = spec.series ?? [];
  const categories = spec.axis_config?.categories ?? (series[0]?.data ?? []).map((point) => point.label);
  const values = series.flatMap((one) => one.data.map((point) => Number(point.value)));
  const [low, high] = range(values);
  const y = (value) => TOP + PLOT_HEIGHT - ((value - low) / (high - low)) * PLOT_HEIGHT;
  const step = PLOT_WIDTH / Math.max(1, categories.length);
  const x = (index) => LEFT + step * (index + 0.5);
  const marks = series.flatMap((one, index) => drawSeries(spec.type, one, { index, count: series.length, categories, x, y, step, low }));
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot", "aria-hidden": "true" }, ...grid(low, high, y), ...labels(categories, x, step), ...marks);
}

function range(values) {
  const low = Math.min(0, ...values);
  const top = Math.max(...values, low + 1e-9);
  const size = 10 ** Math.floor(Math.log10(top - low || 1));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((one) => (top - low) / one <= 4) ?? size;
  return [Math.floor(low / step) * step, Math.ceil(top / step) * step];
}

function grid(low, high, y) {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const value = low + (high - low) * share;
    const text = svg("text", { x: LEFT - 8, y: y(value) + 4, class: "tick", "text-anchor": "end" }, short(value));
    return [svg("line", { x1: LEFT, x2: WIDTH - 8, y1: y(value), y2: y(value), class: "grid" }), text];
  });
}

function short(value) {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 }).format(value);
}

function labels(categories, x, step) {
  const every = Math.max(1, Math.ceil(52 / step));
  return categories.flatMap((name, index) =>
    index % every ? [] : [svg("text", { x: x(index), y: HEIGHT - 10, class: "tick", "text-anchor": "middle" }, name)],
  );
}

function drawSeries(type, one, frame) {
  const values = frame.categories.map((name) => one.data.find((point) => point.label === name)?.value);
  if (type === "bar") return bars(values, frame);
  return line(values, frame, { filled: type === "area" });
}

function bars(values, { index, count, x, y, step, low }) {
  const width = Math.min(48, (step * 0.7) / count);
  return values.flatMap((value, at) => {
    if (value === undefined) return [];
    const left = x(at) - (width * count) / 2 + width * index;
    const base = y(Math.max(0, low));
    const height = Math.abs(base - y(value));
    const box = { x: left + 1, y: Math.min(base, y(value)), width: width - 2, height, rx: 3, class: `mark fill-${index % 6}` };
    return [svg("rect", box, svg("title", {}, String(value)))];
  });
}

function line(values, { index, x, y, low }, { filled }) {
  const points = values.flatMap((value, at) => (value === undefined ? [] : [[x(at), y(value), value]]));
  if (!points.length) return [];
  const path = points.map(([px, py]) => `${px},${py}`).join(" ");
  const base = y(Math.max(0, low));
  const area = `${points[0][0]},${base} ${path} ${points.at(-1)[0]},${base}`;
  const dots = points.map(([px, py, value]) => svg("circle", { cx: px, cy: py, r: 3.2, class: `mark fill-${index % 6}` }, svg("title", {}, String(value))));
  return [
    ...(filled ? [svg("polygon", { points: area, class: `area fill-${index % 6}` })] : []),
    svg("polyline", { points: path, class: `line stroke-${index % 6}` }),
    ...dots,
  ];
}

function pie(segments) {
  const total = segments.reduce((sum, part) => sum + Number(part.value), 0) || 1;
  let from = -Math.PI / 2;
  const slices = segments.map((part, index) => {
    const to = from + (Number(part.value) / total) * Math.PI * 2;
    const node = slice(from, to, { index, title: `${part.label}: ${part.value}` });
    from = to;
    return node;
  });
  return svg("svg", { viewBox: "-100 -100 200 200", class: "pie", "aria-hidden": "true" }, ...slices);
}

function slice(from, to, { index, title }) {
  const whole = to - from >= Math.PI * 2 - 1e-6;
  const end = whole ? to - 1e-3 : to;
  const at = (angle, radius) => `${(Math.cos(angle) * radius).toFixed(2)} ${(Math.sin(angle) * radius).toFixed(2)}`;
  const large = end - from > Math.PI ? 1 : 0;
  const d = `M${at(from, 92)} A92 92 0 ${large} 1 ${at(end, 92)} L${at(end, 54)} A54 54 0 ${large} 0 ${at(from, 54)} Z`;
  return svg("path", { d, class: `mark slice fill-${index % 6}` }, svg("title", {}, title));
}

function legend(names) {
  if (names.length < 2) return null;
  return el("ul", { class: "legend" }, ...names.map((name, index) => el("li", {}, el("span", { class: `swatch swatch-${index % 6}` }), name)));
}

function figures(spec) {
  const rows = spec.type === "pie"
    ? (spec.segments ?? []).map((part) => [part.label, part.value])
    : (spec.series ?? []).flatMap((one) => one.data.map((point) => [`${one.name}, ${point.label}`, point.value]));
  return el("table", { class: "visually-hidden" }, ...rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, String(value)))));
}
