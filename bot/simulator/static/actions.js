/**
 * What people can do with messages, each as one call to the simulator.
 *
 * A refusal becomes a toast and never an exception; every function says whether it went through.
 */
import { Refused } from "./api.js";
import { collectState } from "./formstate.js";
import { confirmChoice } from "./menu.js";
import { toast } from "./toast.js";

const DELETE = {
  title: { text: "Delete this message?" },
  text: { text: "It disappears for everybody in this conversation." },
  confirm: { text: "Delete" },
  deny: { text: "Keep" },
  style: "danger",
};

/** Run a call and say whether it went through; what it refuses is shown. */
export async function attempt(call) {
  try {
    const answer = await call();
    if (answer?.error) toast(answer.error);
    return !answer?.error;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
    return false;
  }
}

/** Return the things one can do with the messages of a list; `page` is where they happen. */
export function messageActions(page, channel) {
  const { api } = page;
  const send = (path, body) => attempt(() => api.send(path, { channel, ...body }));
  return {
    act: (message, node, payload) => send("actions", { ts: message.ts, state: collectState(node.closest("article")), ...payload }),
    suggest: (message, payload) => api.send("options", { channel, ts: message.ts, ...payload }),
    react: (message, name, remove = mine(message, name, api.me)) => send("reactions", { ts: message.ts, name, remove }),
    reply: (message) => page.openThread(channel, message.thread_ts ?? message.ts),
    edit: (message) => page.startEditing(message?.ts ?? null),
    save: async (message, text) => {
      if (!text || (await send("messages/edit", { ts: message.ts, text }))) page.startEditing(null);
    },
    remove: async (message, anchor) => {
      if (await confirmChoice(anchor, DELETE)) await send("messages/delete", { ts: message.ts });
    },
    shortcut: (message, one) => send("shortcuts", { type: "message", callback_id: one.callback_id, ts: message.ts }),
    stop: (message) => send("sessions/stop", { thread_ts: message.thread_ts }),
    profile: (anchor, id) => page.openProfile(anchor, id),
  };
}

/** Send what was typed in a place: a command or a message; says whether it went out. */
export async function deliver(page, { channel, thread = null, text, files }) {
  const command = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(text);
  if (!command) return post(page, { channel, text, ...(thread && { thread_ts: thread }), ...(files.length && { files }) });
  const [, name, rest = ""] = command;
  if (name === "/invite") return invite(page, channel, rest);
  if (thread) return refuse("Commands do not work inside a thread.");
  if (!page.session.commands.some((one) => one.command === name)) return refuse(`There is no command ${name} here.`);
  return attempt(() => page.api.send("commands", { channel, command: name, text: rest }));
}

async function post(page, message) {
  const sent = await attempt(() => page.api.send("messages", message));
  const { bot, channels } = page.session;
  const channel = channels.get(message.channel);
  const isDeaf = sent && bot && !channel.members.includes(bot.id) && mentions(message.text, bot);
  if (isDeaf) toast(`${bot.real_name} is not in #${channel.name} and does not hear you. Bring it in: /invite @${bot.name}`, "note");
  return sent;
}

/** Bring somebody into a channel, as `/invite @name` does in every workspace. */
async function invite(page, channel, rest) {
  const user = [...page.session.users.values()].find((one) => mentions(rest, one));
  if (!user) return refuse("Say whom to invite: /invite @name");
  return attempt(() => page.api.send("channels/invite", { channel, user: user.id }));
}

function mentions(text, user) {
  return text.toLowerCase().split(/[^@\w.-]+/).includes(`@${user.name}`.toLowerCase());
}

function refuse(text) {
  toast(text);
  return false;
}

function mine(message, name, me) {
  return Boolean(message.reactions?.find((one) => one.name === name)?.users.includes(me));
}
