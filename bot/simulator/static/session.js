/**
 * Who is acting and what they can see: the page's copy of `/sim/state`, with the questions everything asks of it.
 *
 * It is also the *directory* that the renderers use to name people and channels.
 */

/** The workspace as one person sees it. */
export class Session {
  /** `openPerson` and `openChannel` are what a click on a mention does. */
  constructor(api, { openPerson, openChannel }) {
    this.api = api;
    this.openPerson = openPerson;
    this.openChannel = openChannel;
    this.users = new Map();
    this.channels = new Map();
  }

  /** Fetch the state again. */
  async refresh() {
    this.take(await this.api.read("state"));
  }

  /** Use this state. */
  take(state) {
    this.api.me = state.me;
    this.team = state.team;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.commands = state.commands ?? [];
    this.shortcuts = state.shortcuts ?? [];
    this.botId = state.bot_user_id;
    this.statuses = state.statuses ?? [];
    this.prompts = state.prompts ?? [];
  }

  get me() {
    return this.api.me;
  }

  get bot() {
    return this.users.get(this.botId);
  }

  person(id) {
    if (id === "USLACKBOT") return { id, name: "workspace", real_name: "Workspace", title: "", is_bot: true };
    return this.users.get(id) ?? { id, name: id ?? "unknown", real_name: id ?? "Unknown", title: "" };
  }

  personName(id) {
    const person = this.person(id);
    return person.real_name || person.name;
  }

  channelName(id) {
    const channel = this.channels.get(id);
    if (!channel) return "private-channel";
    return this.isDirect(channel) ? this.others(channel).map((user) => this.personName(user)).join(", ") : channel.name;
  }

  isDirect(channel) {
    return channel.kind === "im" || channel.kind === "mpim";
  }

  /** Return the members of a channel other than the person acting; the person alone in a note to self. */
  others(channel) {
    const others = channel.members.filter((id) => id !== this.me);
    return others.length ? others : [this.me];
  }

  isBotDm(channel) {
    return channel?.kind === "im" && channel.members.includes(this.botId);
  }

  botDm() {
    return [...this.channels.values()].find((channel) => this.isBotDm(channel));
  }

  /** Return what the app says it is doing in a place ("is thinking…"), or an empty text. */
  status(channel, thread) {
    return this.statuses.find((one) => one.channel === channel && one.thread_ts === (thread ?? ""))?.text ?? "";
  }

  /** Return the prompts the app suggests in a place, as [{title, message}]. */
  suggested(channel, thread) {
    return this.prompts.find((one) => one.channel === channel && one.thread_ts === (thread ?? ""))?.prompts ?? [];
  }

  /** Return the people an app may be given, as {id, name}. */
  people() {
    return [...this.users.values()].filter((user) => !user.deleted).map((user) => ({ id: user.id, name: this.personName(user.id) }));
  }

  /** Return the channels an app may be given, as {id, name}. */
  conversations() {
    const rooms = [...this.channels.values()].filter((channel) => !this.isDirect(channel));
    return rooms.map((channel) => ({ id: channel.id, name: `#${channel.name}` }));
  }

  /** Return the people one can act as: not the bots, not those who left. */
  actors() {
    return [...this.users.values()].filter((user) => !user.is_bot && !user.deleted);
  }

  /** Return stored text as it looks in the message box: names for mentions, no escapes. */
  typed(text) {
    return text
      .replace(/<@([UW]\w+)(?:\|[^>]*)?>/g, (_, id) => `@${this.person(id).name}`)
      .replace(/<#(C\w+)(?:\|([^>]*))?>/g, (_, id, name) => `#${name || this.channelName(id)}`)
      .replace(/<!(here|channel|everyone)>/g, "@$1")
      .replace(/<((?:https?:\/\/|mailto:)[^>|]+)(?:\|[^>]*)?>/g, "$1")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
  }
}
