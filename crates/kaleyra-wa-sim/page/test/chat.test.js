// A person chats with a bot: by mouse, by keyboard, with two phones, and a day later.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hasBrowser, launch, openPage, startDesk, USER } from './desk.js';
import { PICTURE } from './kinds.js';

const skip = hasBrowser ? false : 'there is no chromium';
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
  await page.getByRole('button', { name: '42' }).click();
  await bubble(page, 'You said: 42').waitFor();
  const chosen = page.getByRole('button', { name: '✓ 42' });
  assert.ok(await chosen.isDisabled() && await page.getByRole('button', { name: '41' }).isDisabled());
  await write(page, 'menu');
  await page.getByRole('button', { name: 'Menu' }).click();
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
  await page.waitForFunction(() => [...document.querySelectorAll('img.photo')].some((it) => it.naturalWidth > 0));
  await page.getByLabel('Attach').click();
  await page.getByRole('button', { name: 'Location' }).click();
  await page.getByLabel('Name of the place').fill('Home');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.locator('.mine .place', { hasText: 'Home' }).waitFor();
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
  assert.equal(await page.getByRole('log').count(), 2);
  const asha = page.getByRole('region', { name: 'Chat of Asha Example' });
  const [file] = await Promise.all([page.waitForEvent('download'), asha.getByRole('button', { name: 'Save as test' }).click()]);
  const { readFile } = await import('node:fs/promises');
  assert.equal(await readFile(await file.path(), 'utf8'), `# Saved from the page. Run it: kaleyra-wa test FILE --bot URL
user asha "Asha Example" +${USER}

asha: sizes
shop: Which size do you need?
  buttons 41 | 42 | 43
asha taps 42
shop: You said: 42
`);
});

test('a webhook that is down is told by the tick, and a fault by its rule', { skip }, async () => {
  const page = await fresh();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('combobox', { name: 'Rule' }).fill('callback:drop next=1');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('callback:drop next=1').first().waitFor();
  await write(page, 'Is anybody there?');
  await page.locator('.mine .tick.failed').waitFor();
  await page.getByRole('tab', { name: 'Exchanges' }).click();
  await page.locator('td .fault', { hasText: 'callback:drop' }).first().waitFor();
});
