/**
 * The simulator's control doors, as functions.
 *
 * `Refused` is what a door says no with; its message is a sentence for a toast. Everything is done in the name of `me`.
 */

/** A call the simulator refused, or that never reached it. */
export class Refused extends Error {}

/** One person's way into the simulator. */
export class Api {
  constructor(me) {
    this.me = me;
  }

  /** Return the answer of a GET, asked as this person. */
  read(path, query = {}) {
    const parameters = new URLSearchParams({ ...(this.me && { as: this.me }), ...query });
    return call(`/sim/${path}?${parameters}`, { headers: { Accept: "application/json" } });
  }

  /** Return the answer of a POST, sent as this person. */
  send(path, body = {}) {
    return call(`/sim/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: this.me, ...body }),
    });
  }

  /** Call `heard` with every event until `close` is called on the result; the browser reconnects by itself. */
  listen(heard, onStatus) {
    const source = new EventSource(`/sim/events?${new URLSearchParams({ as: this.me })}`);
    let broken = false;
    source.onopen = () => {
      onStatus(true);
      if (broken) heard({ type: "reconnected" });
      broken = false;
    };
    source.onerror = () => {
      broken = true;
      onStatus(false);
    };
    source.onmessage = (event) => heard(JSON.parse(event.data));
    return source;
  }
}

async function call(address, options) {
  const response = await reach(address, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(sentence(answer.error ?? `the simulator answered ${response.status}`));
  return answer;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (error instanceof TypeError) throw new Refused("The simulator cannot be reached. Is it still running?");
    throw error;
  }
}

function sentence(text) {
  const end = /[.!?]$/.test(text) ? "" : ".";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
