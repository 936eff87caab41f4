// A person chats with a bot: by mouse, by keyboard, with two phones, and a day later.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { COMMAND, launch, openPage, skip, startDesk, USER } from './desk.js';
import { PICTURE, SOUND } from './kinds.js';

let browser;
let desk;

before(async () => { if (!skip) [browser, desk] = [await launch(), await startDesk()]; });
after(async () => { await browser?.close(); desk?.stop(); });

/** A page of its own, and a simulator as new. */
async function fresh(size) {
  await desk.control('/sim/faults', undefined, 'DELETE');
  await desk.control('/sim/state', undefined, 'DELETE');
  return openPage(browser, desk.url, size);
}

async function write(page, text) {
  await page.getByRole('textbox', { name: /^Message of/ }).first().fill(text);
  await page.keyboard.press('Enter');
}

const bubble = (page, text) => page.getByRole('article').filter({ hasText: text }).last();

test('what the person writes is answered, quoted and ticked', { skip }, async () => {
  const page = await fresh();
  await write(page, 'Good morning');
  await bubble(page, 'You said: Good morning').waitFor();
  const own = page.locator('.mine').first();
  await own.locator('.tick.taken').waitFor();
  assert.equal(await page.locator('.theirs .quote span').innerText(), 'Good morning');
  const [last] = (await desk.control(`/sim/conversations/${USER}`)).filter((line) => line.from === 'user');
  await desk.send({ status: 'read', message_id: last.id }, USER, { to: undefined });
  await own.locator('.tick.read').waitFor();
  assert.deepEqual(page.problems, []);
});

test('buttons and lists are tapped where they stand, once', { skip }, async () => {
  const page = await fresh();
  await write(page, 'sizes');
  await page.getByRole('button', { name: '42', exact: true }).click();
  await bubble(page, 'You said: 42').waitFor();
  const chosen = page.getByRole('button', { name: '✓ 42' });
  assert.ok(await chosen.isDisabled() && await page.getByRole('button', { name: '41' }).isDisabled());
  await write(page, 'menu');
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Menu' });
  await sheet.getByRole('radio', { name: /Blue/ }).check();
  await sheet.getByRole('button', { name: 'Send' }).click();
  await bubble(page, 'You said: Blue').waitFor();
});

test('by keyboard alone', { skip }, async () => {
  const page = await fresh();
  const keys = async (...all) => { for (const key of all) await page.keyboard.press(key); };
  for (let step = 0; step < 40 && !(await page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA')); step += 1) await keys('Tab');
  await page.keyboard.type('sizes');
  await keys('Enter');
  await page.getByRole('button', { name: '43' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA', 'the focus stays');
  while (!(await page.evaluate(() => document.activeElement?.tagName === 'ARTICLE'))) await keys('Shift+Tab');
  await keys('Home', 'End', 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), '41');
  await keys('Enter');
  await bubble(page, 'You said: 41').waitFor();
  await keys('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  await page.keyboard.type('half a draft');
  await desk.send({ type: 'text', text: { body: 'Pushed meanwhile' } });
  await bubble(page, 'Pushed meanwhile').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.value), 'half a draft');
  await keys('Control+.');
  await page.getByRole('tab', { name: 'Faults', selected: true }).waitFor();
});

test('a reply, a reaction, an edit, a deletion, a photo, a place', { skip }, async () => {
  const page = await fresh();
  await desk.send({ type: 'text', text: { body: 'Which one?' } });
  await bubble(page, 'Which one?').hover();
  await bubble(page, 'Which one?').getByRole('button', { name: 'React with 👍' }).click();
  await page.locator('.reactions', { hasText: '👍' }).waitFor();
  await page.getByRole('button', { name: 'React with 👍' }).first().click();
  await page.locator('.reactions').waitFor({ state: 'detached' });
  await bubble(page, 'Which one?').getByRole('button', { name: 'Reply' }).click();
  await write(page, 'silence');
  await page.locator('.mine .quote', { hasText: 'Which one?' }).waitFor();
  await page.locator('.mine').hover();
  await page.locator('.mine').getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('The blue one');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await bubble(page, 'The blue one').getByText('edited').waitFor();
  await bubble(page, 'The blue one').hover();
  await bubble(page, 'The blue one').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('You deleted this message').waitFor();
  await page.locator('input[type=file]').setInputFiles({ name: 'cup.png', mimeType: 'image/png', buffer: PICTURE });
  await page.getByRole('dialog', { name: 'Send a photo' }).getByLabel('Caption').fill('My cup');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.locator('.mine', { hasText: 'My cup' }).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('img.photo')].some((it) => it.naturalWidth > 0));
  await page.getByLabel('Attach').click();
  await page.getByRole('button', { name: 'Location' }).click();
  await page.getByLabel('Name of the place').fill('Home');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.locator('.mine .place', { hasText: 'Home' }).waitFor();
  await page.getByLabel('Attach').click();
  await page.getByRole('button', { name: 'Contact' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.locator('.mine .card', { hasText: 'Ravi Example' }).waitFor();
  await page.getByLabel('Emoji').click();
  await page.getByRole('button', { name: 'party' }).click();
  await page.getByRole('textbox', { name: /^Message of/ }).press('Enter');
  await bubble(page, 'You said: 🎉').waitFor();
  assert.deepEqual(page.problems, []);
});

test('a day later a text becomes a ghost that says why, and a template arrives', { skip }, async () => {
  const page = await fresh();
  await write(page, 'Good morning');
  await bubble(page, 'You said: Good morning').waitFor();
  await page.getByRole('tab', { name: 'Clock' }).click();
  await page.getByRole('button', { name: '+ 25h' }).click();
  await page.getByText('24-hour window closed').waitFor();
  await desk.send({ type: 'text', text: { body: 'Still interested?' } });
  const ghost = page.locator('.ghost', { hasText: 'Still interested?' });
  await ghost.getByText('131047').waitFor();
  await ghost.locator('.strip').getByRole('button', { name: 'Why?' }).click();
  await page.getByRole('region', { name: 'Why?' }).getByText(/24/).first().waitFor();
  await desk.send({ type: 'template', template: { name: 'come_back', language: { code: 'en' } } });
  await page.locator('.theirs:not(.ghost)', { hasText: 'come_back' }).waitFor();
});

test('two phones beside each other, and a chat as a test', { skip }, async () => {
  const page = await fresh();
  await write(page, 'sizes');
  await page.getByRole('button', { name: '42' }).click();
  await bubble(page, 'You said: 42').waitFor();
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take the phone' }).click();
  await page.getByText('You are Ravi Example').waitFor();
  await page.getByRole('button', { name: 'Show Asha Example beside' }).click();
  await page.getByRole('log').nth(1).waitFor();
  const asha = page.getByRole('region', { name: 'Chat of Asha Example' });
  const [file] = await Promise.all([page.waitForEvent('download'), asha.getByRole('button', { name: 'Save as test' }).click()]);
  assert.equal(await readFile(await file.path(), 'utf8'), `# Saved from the page. Run it: kaleyra-wa test FILE --bot URL
user asha "Asha Example" +${USER}

asha: sizes
shop: Which size do you need?
  buttons 41 | 42 | 43
asha taps 42
shop: You said: 42
`);
  // It passes with the same bot.
  const folder = await mkdtemp(join(tmpdir(), 'kaleyra-wa-page-'));
  const saved = join(folder, 'sizes.chat');
  await copyFile(await file.path(), saved);
  const bot = new URL('bot.js', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(COMMAND, ['test', saved, '--exec', `exec node '${bot}'`]);
  await rm(folder, { recursive: true });
  assert.match(stdout, /ok/);
});

test('a webhook that is down is told by the tick, and a fault by its rule', { skip }, async () => {
  const page = await fresh();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('combobox', { name: 'Rule' }).fill('callback:drop next=1');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('callback:drop next=1').first().waitFor();
  await write(page, 'Is anybody there?');
  await page.locator('.mine .tick.failed').waitFor();
  await page.getByRole('tab', { name: 'Exchanges' }).click();
  await page.locator('td .fault', { hasText: 'callback:drop' }).first().waitFor();
});

test('a voice note is reported as played when it is played, and music is not', { skip }, async () => {
  const page = await fresh();
  await write(page, 'silence');
  const id = await desk.upload(SOUND, 'audio/ogg');
  const note = await desk.send({ type: 'audio', audio: { id, voice: true } });
  const music = await desk.send({ type: 'audio', audio: { id } });
  const statuses = async (message) => (await desk.control(`/sim/messages/${message}`)).statuses.map((it) => it.status);
  await page.locator('audio').nth(1).waitFor();
  for (const index of [1, 0, 0]) {
    await page.locator('audio').nth(index).evaluate((it) => it.play().then(() => new Promise((done) => { it.onended = done; })));
  }
  await page.locator('.strip .played').waitFor();
  assert.deepEqual((await statuses(note)).slice(-2), ['read', 'played']);
  assert.ok(!(await statuses(music)).includes('played'));
  const told = (await desk.control('/sim/log')).filter((it) => it.what === 'callback' && it.event === 'played');
  assert.equal(told.length, 1);
  assert.deepEqual(page.problems, []);
});

test('the clock stands still, and runs fast', { skip }, async () => {
  const page = await fresh();
  const clock = () => desk.control('/sim/clock');
  await page.getByRole('tab', { name: 'Clock' }).click();
  await page.getByRole('button', { name: 'Frozen' }).click();
  await page.getByText(/^Frozen$/).and(page.locator('[aria-pressed=true]')).waitFor();
  assert.equal((await clock()).now, (await clock()).now);
  const before = Date.parse((await clock()).now);
  await page.getByRole('button', { name: /^× 3600/ }).click();
  await page.locator('.chip', { hasText: '× 3600' }).waitFor();
  await page.waitForFunction(async (from) => Date.parse((await (await fetch('/sim/clock')).json()).now) > from + 900_000, before);
  await page.getByRole('button', { name: 'As any clock' }).click();
  await page.locator('.chip', { hasText: '× 3600' }).waitFor({ state: 'detached' });
  assert.equal((await clock()).speed, 1);
});

test('a phone in airplane mode gets nothing, and all of it afterwards', { skip }, async () => {
  const page = await fresh();
  await write(page, 'silence');
  await page.getByRole('tab', { name: 'Phone' }).click();
  const airplane = page.getByRole('switch', { name: /Airplane mode/ });
  await airplane.click();
  await page.waitForFunction(async (user) => (await (await fetch(`/sim/users/${user}`)).json()).airplane_mode, USER);
  await desk.send({ type: 'text', text: { body: 'Are you there?' } });
  await page.locator('.ghost', { hasText: 'Are you there?' }).getByText('waits for this phone').waitFor();
  await airplane.click();
  await page.locator('.theirs:not(.ghost)', { hasText: 'Are you there?' }).waitFor();
});

test('typing is seen, and what was answered twice is linked', { skip }, async () => {
  const page = await fresh();
  await desk.control('/sim/faults', { spec: 'callback:duplicate next=1' });
  await write(page, 'Hello');
  await page.getByText('Answered twice').last().waitFor();
  await page.getByRole('button', { name: 'the other one' }).last().click();
  await page.locator('.flashed', { hasText: 'You said: Hello' }).waitFor();
  const [line] = await desk.control(`/sim/conversations/${USER}`);
  await desk.send({ status: 'read', message_id: line.id, typing_indicator: { type: 'text' } }, USER, { to: undefined });
  await page.locator('.dots').waitFor();
  await desk.send({ type: 'text', text: { body: 'There you are' } });
  await bubble(page, 'There you are').waitFor();
  assert.equal(await page.locator('.dots').count(), 0);
});
