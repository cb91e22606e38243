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

/**
 * Return a moment in words, in the zone of whoever reads; `form` holds Slack's tokens, such as "{date_short} at {time}".
 *
 * Null for what is no moment, or when the form has a token that Slack does not know.
 */
export function dated(seconds, form) {
  const at = moment(seconds);
  if (Number.isNaN(at.getTime())) return null;
  const known = [...form.matchAll(TOKEN)].every(([, name]) => TOKENS[name]);
  return known ? form.replace(TOKEN, (_, name) => TOKENS[name](at)) : null;
}

const TOKEN = /\{(\w+)\}/g;

function said(at, options) {
  return at.toLocaleDateString("en-GB", { day: "numeric", year: "numeric", ...options });
}

function pretty(at, otherwise) {
  const name = day(at.getTime() / 1000);
  return name === "Today" || name === "Yesterday" ? name.toLowerCase() : otherwise(at);
}

const TOKENS = {
  date_num: (at) => at.toLocaleDateString("en-CA"),
  date_slash: (at) => at.toLocaleDateString("en-GB"),
  date: (at) => said(at, { month: "long" }),
  date_short: (at) => said(at, { month: "short" }),
  date_long: (at) => said(at, { month: "long", weekday: "long" }),
  date_pretty: (at) => pretty(at, TOKENS.date),
  date_short_pretty: (at) => pretty(at, TOKENS.date_short),
  date_long_pretty: (at) => pretty(at, TOKENS.date_long),
  time: (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
  time_secs: (at) => at.toLocaleTimeString("en-GB"),
};

/** Return "today at 10:42" and the like. */
export function when(ts) {
  const name = day(ts);
  return `${name === "Today" || name === "Yesterday" ? name.toLowerCase() : name} at ${clock(ts)}`;
}
