// An exchange as something to paste elsewhere: curl, Rust, a fixture; a conversation as a test.

import { list } from './content.js';

/** @param {string} text in single quotes for a shell */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const LEFT_OUT = ['host', 'content-length', 'accept', 'user-agent', 'connection', 'accept-encoding'];

/** @param {import('./exchanges.js').Exchange} exchange */
export function curl({ kind, first, rest }) {
  if (kind === 'callback') {
    const attempt = rest.find((it) => it.what === 'attempt');
    const lines = ['curl -i "$WEBHOOK_URL"', "-H 'content-type: application/json'"];
    for (const [name] of list(attempt?.headers)) {
      if (![...LEFT_OUT, 'content-type'].includes(name.toLowerCase())) lines.push(`-H ${quoted(`${name}: `)}"$CALLBACK_SECRET"`);
    }
    return [...lines, `--data-raw ${quoted(attempt?.changed_body ?? first.body ?? '')}`].join(' \\\n  ');
  }
  const lines = [`curl -i -X ${/^[A-Z]+$/.test(first.method) ? first.method : quoted(first.method)} ${quoted(location.origin + first.path)}`];
  for (const [name, value] of list(first.headers)) {
    if (LEFT_OUT.includes(name.toLowerCase())) continue;
    lines.push(name.toLowerCase() === 'api-key' ? '-H "api-key: $KALEYRA_API_KEY"' : `-H ${quoted(`${name}: ${value}`)}`);
  }
  if (first.body) lines.push(`--data-raw ${quoted(first.body)}`);
  return lines.join(' \\\n  ');
}

/** As Rust: the request for the client, or the callback for the types. @param {import('./exchanges.js').Exchange} exchange */
export function rust({ kind, first, rest }) {
  const body = fixture({ kind, first, rest }).trimEnd();
  const hashes = '#'.repeat(1 + Math.max(0, ...[...body.matchAll(/"(#*)/g)].map((it) => it[1].length)));
  const raw = `r${hashes}"${body}"${hashes}`;
  return kind === 'callback'
    ? `use kaleyra_wa_types::inbound::Callback;\n\nlet callback = Callback::from_slice(${raw}.as_bytes())?;\n`
    : `use kaleyra_wa_types::SendRequest;\n\nlet request: SendRequest = serde_json::from_str(${raw})?;\n`;
}

/** The body, indented. @param {Pick<import('./exchanges.js').Exchange, 'kind' | 'first' | 'rest'>} exchange */
export function fixture({ first }) {
  try { return `${JSON.stringify(JSON.parse(first.body), null, 2)}\n`; } catch { return first.body ?? ''; }
}

/** @param {unknown} text as a line of a `.chat` file */
const line = (text) => String(text ?? '').replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/ {2,}#/g, ' #');

/** What the bot must say. @param {string} text */
function expected(text) {
  if (!text) return '*';
  return text.startsWith('~') || text === '*' || text !== text.trim() ? '*' : line(text);
}

/** @param {any} it a line of the user's @param {string} who @returns {string | null} */
function deed(it, who) {
  const content = it.content ?? {};
  switch (it.type) {
    case 'text': return it.quotes ? `${who} replies: ${line(content.body)}` : `${who}: ${line(content.body)}`;
    case 'button': return `${who} taps ${line(content.text)}`;
    case 'reaction': return content.emoji ? `${who} reacts ${content.emoji}` : `${who} unreacts`;
    case 'location': return `${who} shares ${content.latitude},${content.longitude}${content.name ? ` "${line(content.name)}"` : ''}`;
    case 'contacts': return `${who} shares contact "${line(content[0]?.name?.formatted_name)}" ${content[0]?.phones?.[0]?.phone ?? ''}`;
    case 'order': return `${who} orders ${content.catalog_id} ${list(content.product_items).map((p) => `${p.product_retailer_id} x${p.quantity} @${p.item_price} ${p.currency}`).join(', ')}`;
    case 'edit': return `${who} edits: ${line(content.message?.text?.body)}`;
    case 'revoke': return `${who} deletes`;
    case 'image': case 'video': case 'audio': case 'document': case 'sticker':
      return `# put the file beside this one:\n${who} sends ${line(content.filename ?? `${it.type}.${String(content.mime_type ?? 'bin').split(/[/;]/)[1]}`)}${content.caption ? ` "${line(content.caption)}"` : ''}`;
    case 'interactive': {
      const reply = content.button_reply ?? content.list_reply;
      if (reply) return `${who} taps ${line(reply.title)}`;
      if (content.nfm_reply) return `${who} fills ${JSON.stringify(typeof content.nfm_reply.response_json === 'string' ? JSON.parse(content.nfm_reply.response_json) : content.nfm_reply.response_json)}`;
      return null;
    }
    default: return null;
  }
}

/** How the user is called in the file: a first name in plain letters. @param {string} name */
function alias(name) {
  const first = name.split(' ')[0].normalize('NFKD').toLowerCase().replace(/[^a-z0-9]/g, '');
  return !first || first === 'shop' ? 'user1' : first;
}

/** A conversation as a `.chat` file that passes as long as the bot does the same. @param {any[]} lines @param {{number: string, name: string}} user */
export function chatFile(lines, user) {
  const who = alias(user.name);
  const out = ['# Saved from the page. Run it: kaleyra-wa test FILE --bot URL', `user ${who} "${line(user.name).replaceAll('"', "'")}" +${user.number.replace('+', '')}`, ''];
  let last = 0;
  for (const it of lines) {
    const at = typeof it.at === 'number' ? it.at * 1000 : Date.parse(it.at);
    if (last && at - last >= 3_600_000) out.push(`wait ${Math.round((at - last) / 60_000)}m`);
    last = at;
    if (it.from === 'user') {
      out.push(deed(it, who) ?? `${who} writes ${it.type} ${JSON.stringify(it.content)}`);
      continue;
    }
    const content = it.content ?? {};
    if (it.type === 'reaction') out.push(`shop reacts ${content.emoji ?? ''}`);
    else if (it.type === 'template') out.push(`shop template ${content.name}`);
    else if (it.type === 'text') out.push(`shop: ${expected(content.body)}`);
    else if (it.type === 'interactive') out.push(`shop: ${expected(content.body?.text)}`);
    else out.push(`shop sends ${it.type}`);
    if (it.type === 'reaction') continue;
    const labels = list(it.taps).filter((tap) => ['reply_button', 'list_row'].includes(tap.kind)).map((tap) => tap.label);
    if (labels.length && !list(content.action?.cards).length) out.push(`  buttons ${labels.join(' | ')}`);
    const failed = list(it.statuses).find((step) => step.error);
    if (failed) out.push(`  failed ${failed.error.code}`);
  }
  return `${out.join('\n')}\n`;
}

/** @param {string} name @param {string} text */
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
