// The inspector: every exchange in one table, linked with the bubbles, copied, and sent again.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { KEY, launch, openPage, skip, start, startDesk, USER } from './desk.js';

let browser;
let desk;
/** What the bot was sent. */
const received = [];

before(async () => {
  if (skip) return;
  const bot = (message) => { received.push(message); return []; };
  [browser, desk] = [await launch(), await startDesk({ bot })];
});
after(async () => { await browser?.close(); desk?.stop(); });

const run = promisify(execFile);
const region = (page) => page.getByRole('region', { name: 'The exchange' });
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Waits until it holds; says what there is where it never does. */
async function until(holds, what = () => '') {
  for (let step = 0; step < 100 && !holds(); step += 1) await new Promise((done) => { setTimeout(done, 50); });
  assert.ok(holds(), JSON.stringify(what()));
}

test('a bubble leads to its exchange, and back', { skip }, async () => {
  const page = await openPage(browser, desk.url);
  await page.getByRole('textbox', { name: /^Message of/ }).fill('Good "morning", it’s me');
  await page.keyboard.press('Enter');
  const own = page.getByRole('article').filter({ hasText: 'Good "morning"' });
  await own.locator('.tick.taken').waitFor();
  await own.hover();
  await own.getByRole('button', { name: 'Wire' }).click();
  await region(page).getByRole('heading', { name: /text/ }).waitFor();
  await region(page).getByText('Attempt 1: 200').waitFor();
  await region(page).getByRole('button', { name: 'Show bubble' }).click();
  await page.locator('.mine.flashed').waitFor();
  await page.getByRole('searchbox').fill('nothing holds this');
  await page.getByText('Nothing holds these words.').waitFor();
  await page.getByRole('searchbox').fill('it’s me');
  await page.locator('tbody tr').first().waitFor();
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.context().close();
});

test('a callback is copied, and sent again: as it was, edited, three times', { skip }, async () => {
  const page = await openPage(browser, desk.url);
  await page.locator('tbody tr', { hasText: 'user message' }).first().click();
  await region(page).getByRole('button', { name: 'Copy curl' }).click();
  await page.getByText('Copied.').first().waitFor();
  const before = received.length;
  const line = await copied(page);
  assert.match(line, /x-kaleyra-secret: '"\$CALLBACK_SECRET"/);
  await run('sh', ['-c', line], { env: { ...process.env, WEBHOOK_URL: desk.webhook, CALLBACK_SECRET: 's3cret' } });
  await until(() => received.length === before + 1);
  assert.deepEqual(received.at(-1), received.at(-2));

  await region(page).getByRole('button', { name: 'Copy Rust' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('use '));
  assert.match(await copied(page), /r#+"\{[\s\S]*morning/);
  const [file] = await Promise.all([page.waitForEvent('download'), region(page).getByRole('button', { name: 'Save fixture' }).click()]);
  assert.equal(JSON.parse(await readFile(await file.path(), 'utf8')).meta_object.value.messages[0].from, USER);

  await region(page).getByRole('button', { name: 'Send again' }).click();
  const sheet = page.getByRole('dialog', { name: 'Send the callback again' });
  await sheet.getByLabel('Times').fill('3');
  await sheet.getByRole('button', { name: 'Send' }).click();
  await until(() => received.length === before + 4);
  await region(page).getByRole('button', { name: 'Send again' }).click();
  const body = sheet.getByLabel('Body');
  await body.fill((await body.inputValue()).replaceAll('Good', 'Bad'));
  await sheet.getByRole('button', { name: 'Send' }).click();
  await until(() => /^Bad/.test(received.at(-1).text.body), () => received.at(-1));
  await page.context().close();
});

test('a request of the bot’s is copied, and sent again', { skip }, async () => {
  await desk.send({ type: 'text', text: { body: 'It’s "in stock"' } });
  const page = await openPage(browser, desk.url);
  await page.locator('tbody tr', { hasText: 'POST messages' }).first().click();
  await region(page).getByText('Led to').waitFor();
  await region(page).getByRole('button', { name: 'status sent' }).click();
  await region(page).getByRole('button', { name: /POST messages/ }).click();
  await region(page).getByRole('button', { name: 'Copy curl' }).click();
  await page.getByText('Copied.').first().waitFor();
  const line = await copied(page);
  assert.ok(!line.includes(KEY) || !line.includes(`api-key: ${KEY}`), line);
  const { stdout } = await run('sh', ['-c', line], { env: { ...process.env, KALEYRA_API_KEY: KEY } });
  assert.match(stdout, /202 Accepted/);
  const count = () => page.getByRole('article').filter({ hasText: 'in stock' }).count();
  await page.getByRole('article').filter({ hasText: 'in stock' }).nth(1).waitFor();
  await region(page).getByRole('button', { name: 'Send again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('article').filter({ hasText: 'in stock' }).nth(2).waitFor();
  assert.equal(await count(), 3);
  await region(page).getByRole('button', { name: 'Send again' }).click();
  const body = page.getByRole('dialog').getByLabel('Body');
  await body.fill((await body.inputValue()).replace('in stock', 'sold out'));
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('article').filter({ hasText: 'sold out' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('attempts are one row, and the table is walked by keys', { skip }, async () => {
  const other = await startDesk({ bot: () => [] });
  await other.control('/sim/settings', { callback_url: 'http://127.0.0.1:9/' }, 'PATCH');
  const page = await openPage(browser, other.url);
  await other.send({ type: 'text', text: { body: 'Anybody?' } });
  await page.locator('tbody tr', { hasText: /status × \d/ }).first().waitFor({ timeout: 30_000 });
  const first = page.locator('tbody button').first();
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await region(page).waitFor();
  other.stop();
  await page.context().close();
});

test('the page goes on where it was after a pause', { skip }, async () => {
  const page = await openPage(browser, desk.url);
  await page.context().setOffline(true);
  await desk.send({ type: 'text', text: { body: 'While you were away' } });
  await page.context().setOffline(false);
  await page.getByRole('article').filter({ hasText: 'While you were away' }).waitFor();
  await page.context().close();
});

test('a simulator that is started anew at the same address is shown, and not the old one', { skip }, async () => {
  const account = ['--sid', 'HX1', '--api-key', KEY, '--sender', '+918000000001'];
  const first = await start(['sim', '--port', '0', ...account]);
  const write = (url, body) => fetch(`${url}/sim/users/${USER}/text`, { method: 'POST', body: JSON.stringify({ body }) });
  for (const body of ['One', 'Two', 'Of the old one']) await write(first.url, body);
  const page = await openPage(browser, first.url);
  await page.getByRole('article').filter({ hasText: 'Of the old one' }).waitFor();
  await first.end();
  await page.getByText('Reconnecting…').waitFor();
  const second = await start(['sim', '--port', new URL(first.url).port, ...account]);
  await write(second.url, 'Of the new one');
  await page.getByRole('article').filter({ hasText: 'Of the new one' }).waitFor({ timeout: 20_000 });
  assert.equal(await page.getByRole('article').count(), 1);
  await second.end();
  await page.context().close();
});
