// A simulator with a bot on loopback, and a browser in front of it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { answer, sender, serve } from './bot.js';

const ROOT = new URL('../../../../', import.meta.url).pathname;
const FOLDER = new URL('..', import.meta.url).pathname;
const BROWSER = process.env.KALEYRA_WA_CHROMIUM ?? '/usr/bin/chromium';
export const KEY = 'A1';
const [SID, SENDER] = ['HX1', '+918000000001'];
export const USER = '919800000001';

/** The command line tool as the workspace has built it. */
export const COMMAND = process.env.KALEYRA_WA_COMMAND ?? `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/debug/kaleyra-wa`;

/** Why the tests can't run here; `false` where they can. */
export const skip = existsSync(BROWSER) ? false : `there is no ${BROWSER}`;

/** A simulator, and the bot that its callbacks go to. */
export async function startDesk({ bot = answer, args = [] } = {}) {
  // The bot's requests go to a simulator that is not there yet.
  let send = async () => {};
  const server = await serve({ bot, send: (...given) => send(...given) });
  server.unref();
  const webhook = `http://127.0.0.1:${server.address().port}/`;
  const account = ['--sid', SID, '--api-key', KEY, '--sender', SENDER, '--callback-url', webhook, '--callback-secret', 's3cret'];
  const { url, end } = await start(['sim', '--port', '0', ...account, ...args]);
  send = sender({ url, sid: SID, key: KEY, number: SENDER });
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
  const stop = () => { end(); server.close(); server.closeAllConnections(); };
  return { url, send: (content, to = USER, more = {}) => send(content, to, more), upload, control, stop, webhook };
}

/** What runs still; a test that fails does not come to end it. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill(); });

/** Starts a command that says where its simulator is. */
export async function start(args) {
  const child = spawn(COMMAND, args, { env: { ...process.env, KALEYRA_WA_PAGE_DIR: FOLDER }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const url = await new Promise((done, fail) => {
    let text = '';
    const look = (data) => {
      text += data;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/?\s/.exec(text);
      if (found) done(found[1]);
    };
    child.stderr.on('data', look);
    child.stdout.on('data', look);
    child.on('error', fail);
    child.on('exit', () => fail(new Error(`it ended: ${text}`)));
  });
  // Nor does it hold up the end of the others.
  child.unref();
  for (const stream of [child.stdout, child.stderr]) /** @type {import('node:net').Socket} */ (stream).unref();
  const end = () => new Promise((done) => {
    child.removeAllListeners('exit');
    child.on('exit', () => { running.delete(child); done(undefined); });
    child.ref();
    child.kill();
  });
  return { url, end };
}

export function launch() {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu', ...quiet] });
}

/** Every look: colours and width. */
export const MODES = [['light', 'wide'], ['light', 'narrow'], ['dark', 'wide'], ['dark', 'narrow']];

/** How large a window of this width is. */
export const sizeOf = (width) => (width === 'wide' ? { width: 1440, height: 900 } : { width: 390, height: 844 });

/** The page in a browser of its own; `problems` gathers what went wrong in it. */
export async function openPage(browser, url, { scheme = 'light', width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  // Long, as the machine may be busy: nothing waits for it unless a test fails.
  page.setDefaultTimeout(30_000);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  page.on('request', (request) => { if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) page.problems.push(`fetched ${request.url()}`); });
  await page.goto(url);
  await page.getByRole('log').first().waitFor();
  return page;
}
