/** Times as people read them. A message's `ts` is seconds since 1970 with six decimals. */

/** Return the moment of a ts. */
export function moment(ts) {
  return new Date(Number(ts) * 1000);
}

/** Return the hour and minute. */
export function clock(ts) {
  return moment(ts).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** Return "Today", "Yesterday" or a date. */
export function day(ts, now = new Date()) {
  const then = moment(ts);
  if (then.toDateString() === now.toDateString()) return "Today";
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (then.toDateString() === before.toDateString()) return "Yesterday";
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return then.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year });
}

/** Return the whole date and time, for a tooltip. */
export function full(ts) {
  return moment(ts).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "medium" });
}

/** Return "today at 10:42" and the like. */
export function when(ts) {
  const name = day(ts);
  return `${name === "Today" || name === "Yesterday" ? name.toLowerCase() : name} at ${clock(ts)}`;
}
