// A simulator with a bot on loopback, and a browser in front of it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const ROOT = new URL('../../../../', import.meta.url).pathname;
const FOLDER = new URL('..', import.meta.url).pathname;
const BROWSER = process.env.KALEYRA_WA_CHROMIUM ?? '/usr/bin/chromium';
const [SID, KEY, SENDER] = ['HX1', 'A1', '+918000000001'];
export const USER = '919800000001';

/** Answers what it is written: `menu` with a list, `echo X` with X, and so on. */
export async function startDesk({ bot = answer } = {}) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end('ok');
    const callback = JSON.parse(Buffer.concat(chunks).toString());
    for (const message of callback.meta_object?.value?.messages ?? []) {
      for (const content of bot(message) ?? []) await send(content, message.from);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const command = `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/debug/kaleyra-wa`;
  const webhook = `http://127.0.0.1:${server.address().port}/`;
  const args = ['sim', '--port', '0', '--sid', SID, '--api-key', KEY, '--sender', SENDER, '--callback-url', webhook, '--callback-secret', 's3cret'];
  const sim = spawn(command, args, { env: { ...process.env, KALEYRA_WA_PAGE_DIR: FOLDER }, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await new Promise((done, fail) => {
    let text = '';
    sim.stderr.on('data', (data) => {
      text += data;
      const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (found) done(found[1]);
    });
    sim.on('exit', () => fail(new Error(`the simulator ended: ${text}`)));
  });
  /** Sends as the business. */
  async function send(content, to = USER, more = {}) {
    const response = await fetch(`${url}/v2/${SID}/whatsapp/${encodeURIComponent(SENDER)}/messages`, {
      method: 'POST', headers: { 'api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_object: { messaging_product: 'whatsapp', to: `+${to}`, ...content, ...more } }),
    });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()).data.message_id;
  }
  async function upload(bytes, type) {
    const form = new FormData();
    form.append('type', type);
    form.append('file', new Blob([bytes], { type }), 'file');
    const response = await fetch(`${url}/v2/${SID}/whatsapp/${encodeURIComponent(SENDER)}/media`, { method: 'POST', headers: { 'api-key': KEY }, body: form });
    return (await response.json()).data.id;
  }
  async function control(path, body, method = body === undefined ? 'GET' : 'POST') {
    const response = await fetch(url + path, { method, body: body === undefined ? undefined : JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return response.json();
  }
  const stop = () => { sim.removeAllListeners('exit'); sim.kill(); server.close(); server.closeAllConnections(); };
  return { url, send, upload, control, stop, webhook };
}

/** The bot of the tests. */
function answer(message) {
  const text = message.text?.body ?? message.button?.text ?? message.interactive?.button_reply?.title ?? message.interactive?.list_reply?.title;
  if (text === 'menu') {
    return [{ type: 'interactive', interactive: { type: 'list', body: { text: 'What would you like?' }, action: { button: 'Menu', sections: [
      { title: 'Shoes', rows: [{ id: 'red', title: 'Red', description: 'Warm' }, { id: 'blue', title: 'Blue' }] }, { title: 'Other', rows: [{ id: 'help', title: 'Help' }] }] } } }];
  }
  if (text === 'sizes') {
    return [{ type: 'interactive', interactive: { type: 'button', body: { text: 'Which size do you need?' }, action: { buttons: ['41', '42', '43'].map((size) => ({ type: 'reply', reply: { id: `s${size}`, title: size } })) } } }];
  }
  if (text === 'silence' || message.type === 'reaction') return [];
  return [{ type: 'text', text: { body: `You said: ${text ?? message.type}` }, context: { message_id: message.id } }];
}

/** Whether there is a browser; the tests say so where there is none. */
export const hasBrowser = existsSync(BROWSER);

export function launch() {
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

export const MODES = [['light', 'wide'], ['light', 'narrow'], ['dark', 'wide'], ['dark', 'narrow']];

export async function openPage(browser, url, { scheme = 'light', width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  page.on('request', (request) => { if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) page.problems.push(`fetched ${request.url()}`); });
  await page.goto(url);
  await page.getByRole('log').first().waitFor();
  return page;
}
