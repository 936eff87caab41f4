// The bot of the tests: `menu` is answered with a list, `sizes` with buttons, everything else by saying it back.

import { createServer } from 'node:http';

const row = (id, title, description) => ({ id, title, description });

/** What it sends in response to a message. */
export function answer(message) {
  const text = message.text?.body ?? message.button?.text ?? message.interactive?.button_reply?.title ?? message.interactive?.list_reply?.title;
  if (text === 'menu') {
    const sections = [{ title: 'Shoes', rows: [row('red', 'Red', 'Warm'), row('blue', 'Blue')] }, { title: 'Other', rows: [row('help', 'Help')] }];
    return [{ type: 'interactive', interactive: { type: 'list', body: { text: 'What would you like?' }, action: { button: 'Menu', sections } } }];
  }
  if (text === 'sizes') {
    const buttons = ['41', '42', '43'].map((size) => ({ type: 'reply', reply: { id: `s${size}`, title: size } }));
    return [{ type: 'interactive', interactive: { type: 'button', body: { text: 'Which size do you need?' }, action: { buttons } } }];
  }
  if (text === 'silence' || message.type === 'reaction') return [];
  return [{ type: 'text', text: { body: `You said: ${text ?? message.type}` }, context: { message_id: message.id } }];
}

/** Listens for callbacks; `send` sends a message to a user, whose number comes second. */
export async function serve({ port = 0, bot = answer, send }) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let callback = {};
    try { if (chunks.length) callback = JSON.parse(Buffer.concat(chunks).toString()); } catch { response.statusCode = 400; }
    response.end('ok');
    for (const message of callback.meta_object?.value?.messages ?? []) {
      for (const content of bot(message) ?? []) await send(content, message.from);
    }
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

/** Sends as the business of an account. */
export function sender({ url, sid, key, number }) {
  return async (content, to, more = {}) => {
    const response = await fetch(`${url}/v2/${sid}/whatsapp/${encodeURIComponent(number)}/messages`, {
      method: 'POST',
      headers: { 'api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_object: { messaging_product: 'whatsapp', to: `+${to}`, ...content, ...more } }),
    });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()).data.message_id;
  };
}

// As a program, it takes what `kaleyra-wa test --exec` gives.
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { PORT, KALEYRA_BASE_URL: url, KALEYRA_SID: sid, KALEYRA_API_KEY: key, KALEYRA_SENDER: number } = process.env;
  await serve({ port: Number(PORT), send: sender({ url, sid, key, number }) });
}
