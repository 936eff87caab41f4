// A conversation's lines, sorted out: what is said, and what is done to it by reactions, edits and deletions.

const MARKS = ['reaction', 'edit', 'revoke'];

export class Thread {
  /** @param {any[]} lines oldest first */
  constructor(lines) {
    this.lines = lines;
    /** What is shown as a bubble. */
    this.said = lines.filter((it) => !MARKS.includes(it.type));
    /** @type {Map<string, any>} */
    this.byId = new Map(this.said.map((it) => [it.id, it]));
    /** The texts that took the place of others. @type {Map<string, string>} */
    this.edits = new Map();
    /** @type {Set<string>} */
    this.deleted = new Set();
    /** The last reaction of each side, by the message. @type {Map<string, Map<string, string>>} */
    this.reactions = new Map();
    /** What the user wrote to a message. @type {Map<string, any[]>} */
    this.repliesTo = new Map();
    /** What the bot wrote in answer to a user's message. @type {Map<string, any[]>} */
    this.answersTo = new Map();
    for (const line of lines) this.sort(line);
  }

  /** @param {any} line */
  sort(line) {
    const { content } = line;
    switch (line.type) {
      case 'reaction': {
        const on = this.reactions.get(content?.message_id) ?? new Map();
        this.reactions.set(content?.message_id, on.set(line.from, content?.emoji ?? ''));
        return;
      }
      case 'edit': this.edits.set(content?.original_message_id, String(content?.message?.text?.body ?? '')); return;
      case 'revoke': this.deleted.add(content?.original_message_id); return;
      default:
    }
    if (line.from === 'user' && line.quotes) push(this.repliesTo, line.quotes, line);
    if (line.from === 'business' && line.answers) push(this.answersTo, line.answers, line);
  }

  /** @param {string} id */
  reactionsOn(id) {
    return [...(this.reactions.get(id)?.values() ?? [])].filter(Boolean);
  }

  /** The other answer to the same message, where it was answered twice. @param {any} line */
  twinOf(line) {
    return line.answered_again ? this.answersTo.get(line.answers)?.find((it) => it !== line) : undefined;
  }
}

/** @param {Map<string, any[]>} map @param {string} key @param {any} value */
function push(map, key, value) {
  const all = map.get(key);
  if (all) all.push(value);
  else map.set(key, [value]);
}
