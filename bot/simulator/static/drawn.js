/**
 * A few emoji as drawings, for machines without an emoji font.
 *
 * Each is a list of shapes on a 20 × 20 ground: [tag, {attributes}]. Names that are not here are shown as `:name:` there.
 */
import { svg } from "./dom.js";

const SKIN = "#f2bd3f";
const INK = "#7a5410";
const RED = "#dc4437";
const GREEN = "#2f9e58";
const BLUE = "#3f7fd0";
const GREY = "#8a96a3";

const fill = (d, color) => ["path", { d, fill: color }];
const stroke = (d, color, width = 1.6) => ["path", { d, fill: "none", stroke: color, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }];
const disc = (cx, cy, r, color) => ["circle", { cx, cy, r, fill: color }];
const box = (x, y, width, height, color, rx = 1.5) => ["rect", { x, y, width, height, rx, fill: color }];
const face = (mouth) => [disc(10, 10, 8, SKIN), disc(7.2, 8.4, 1.1, INK), disc(12.8, 8.4, 1.1, INK), stroke(mouth, INK, 1.4)];

const THUMB = "M6 9.500 9.600 2.500c1.900 0 2.600 1.500 2.200 3.200L11.300 8h4.200c1.200 0 2 1 1.700 2.200l-1.600 5.800c-.3 1-1.200 1.600-2.200 1.600H6Z";
const SHAPES = {
  "+1": [fill(THUMB, SKIN), box(2.600, 9, 3, 8.600, BLUE, 1)],
  "-1": [["g", { transform: "rotate(180 10 10)" }, fill(THUMB, SKIN), box(2.600, 9, 3, 8.600, BLUE, 1)]],
  white_check_mark: [box(2, 2, 16, 16, GREEN, 4), stroke("m5.500 10.300 3 3 6-6.600", "#fff", 2.2)],
  x: [stroke("m4.500 4.500 11 11M15.500 4.500l-11 11", RED, 3)],
  eyes: [["ellipse", { cx: 6, cy: 10, rx: 4, ry: 6, fill: "#fff", stroke: GREY }], ["ellipse", { cx: 14, cy: 10, rx: 4, ry: 6, fill: "#fff", stroke: GREY }], disc(7, 11, 2, "#222"), disc(15, 11, 2, "#222")],
  heart: [fill("M10 17C-1 9.500 4 2.500 10 6.500c6-4 11 3 0 10.500Z", RED)],
  tada: [fill("M2.500 17.500 7 6.500l6.500 6.500Z", SKIN), stroke("M9 5c0-2 1-2.500 2.500-3M14 11c2 0 3-.500 3.500-2M11.500 8c2-2.500 3.500-3.500 5.500-4", BLUE), disc(14.500, 14.500, 1, RED), disc(6, 3.500, 1, GREEN)],
  warning: [fill("M10 2 19 17.500H1Z", SKIN), stroke("M10 7.500v4.500M10 14.600v.1", INK, 2)],
  bulb: [disc(10, 8, 5.800, SKIN), box(7.500, 13, 5, 4.500, GREY, 1.2)],
  star: [fill("m10 1.800 2.500 5.400 5.900.7-4.400 4 1.200 5.800L10 14.800l-5.200 2.900L6 11.900l-4.400-4 5.900-.7Z", SKIN)],
  fire: [fill("M10 1.500c1 4 6 5.500 6 10.500a6 6 0 0 1-12 0c0-3 2-4 2.500-6.500C8 6 9 4 10 1.500Z", "#e8722a"), disc(10, 13.500, 3, SKIN)],
  question: [stroke("M6.500 6.500c0-5 7.500-4.500 7.500 0 0 3-4 2.700-4 6M10 16.500v.1", RED, 2.4)],
  mag: [stroke("m12.500 12.500 5 5", GREY, 2.6), ["circle", { cx: 8.500, cy: 8.500, r: 5.500, fill: "#cfe6fb", stroke: BLUE, "stroke-width": 1.6 }]],
  bar_chart: [box(2, 2, 16, 16, "#edf2f6", 3), box(4.500, 9, 3, 6.500, BLUE, 0.8), box(8.500, 5, 3, 10.500, GREEN, 0.8), box(12.500, 7.500, 3, 8, RED, 0.8)],
  chart_with_upwards_trend: [box(2, 2, 16, 16, "#edf2f6", 3), stroke("m4.500 14 3.500-4 3 2 4.500-6.500", RED, 1.8)],
  memo: [box(3, 2, 12, 16, "#edf2f6", 2), stroke("M5.500 6h7M5.500 9h7M5.500 12h4", GREY, 1.2), stroke("m10.500 15.500 7-7", SKIN, 2.4)],
  books: [box(3, 3, 4, 14, RED, 1), box(7.500, 5, 4, 12, GREEN, 1), box(12, 4, 4.500, 13, BLUE, 1)],
  link: [stroke("M9 12.500a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200M11 7.500a3 3 0 0 0-4.200 0l-3 3A3 3 0 0 0 8 14.700", GREY, 2)],
  lock: [stroke("M6.500 9V6.500a3.500 3.500 0 0 1 7 0V9", GREY, 2), box(4, 8.500, 12, 9, SKIN, 2)],
  bell: [fill("M10 2c4 0 5 3 5 6.500 0 3 2 4 2 5.500H3c0-1.500 2-2.500 2-5.500C5 5 6 2 10 2Z", SKIN), disc(10, 16, 1.800, INK)],
  rocket: [fill("M17.500 2.500c-6 0-10 3.500-12 9l3 3c5.500-2 9-6 9-12Z", GREY), disc(12, 8, 1.800, BLUE), fill("m5 13 2 2-4 2Z", "#e8722a")],
  page_facing_up: [fill("M4 2h8l4 4v12H4Z", "#edf2f6"), stroke("M6.500 8h7M6.500 11h7M6.500 14h5", GREY, 1.2)],
  smile: face("M6.500 11.500c1.500 3.500 5.500 3.500 7 0"),
  slightly_smiling_face: face("M7 12c1.500 1.800 4.500 1.800 6 0"),
  thinking_face: face("M7.500 13.300c1.500-1 3.500-1.200 5-.6"),
  disappointed: face("M7 13.800c1.500-1.800 4.500-1.800 6 0"),
  wave: [["g", { transform: "rotate(-20 10 11)" }, box(5, 8, 10, 9, SKIN, 4), box(5, 3.500, 2.200, 8, SKIN, 1.1), box(7.700, 2.500, 2.200, 8, SKIN, 1.1), box(10.400, 2.800, 2.200, 8, SKIN, 1.1), box(13, 4.500, 2.200, 8, SKIN, 1.1)]],
  seedling: [stroke("M10 18v-7", GREEN, 1.800), fill("M10 11C4 11.500 2.500 8 2.500 4.500 7 4.500 10 6 10 11Zm0-1c0-4.500 2.500-6 7-6 0 4-1.500 6.500-7 6Z", GREEN)],
  hourglass_flowing_sand: [fill("M5 2h10c0 4-3.500 6-3.500 8s3.500 4 3.500 8H5c0-4 3.500-6 3.500-8S5 6 5 2Z", "#cfe6fb"), fill("M6.500 17c.5-2.500 2-3 3.500-4.500 1.500 1.500 3 2 3.500 4.500Z", SKIN)],
};
const SAME = { thumbsup: "+1", thumbsdown: "-1", heavy_check_mark: "white_check_mark", mag_right: "mag", slightly_frowning_face: "disappointed", grey_question: "question", simple_smile: "slightly_smiling_face" };

/** The names that have a drawing. */
export const DRAWN = Object.keys(SHAPES);

/** Return the drawing of an emoji, or null. */
export function drawing(name) {
  const shapes = SHAPES[SAME[name] ?? name];
  if (!shapes) return null;
  return svg("svg", { viewBox: "0 0 20 20", class: "drawn", role: "img", "aria-label": name }, ...shapes.map(shape));
}

function shape([tag, attributes, ...inner]) {
  return svg(tag, attributes, ...inner.map(shape));
}
