// axe finds nothing, in light and dark, wide and narrow, with every kind shown; and at 200 % nothing is cut off.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { launch, MODES, openPage, sizeOf, skip, startDesk, USER } from './desk.js';
import { PICTURE, sent, WRITTEN } from './kinds.js';

let browser;
let desk;
let axe;

before(async () => {
  if (skip) return;
  [browser, desk] = [await launch(), await startDesk()];
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await desk.control('/sim/settings', { statuses: 'sent:0,delivered:0,read:manual' }, 'PATCH');
  for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, body);
  const picture = await desk.upload(PICTURE, 'image/png');
  for (const message of sent(picture)) await desk.send(message);
  await desk.control(`/sim/users/${USER}/reaction`, { emoji: '👍' });
  await desk.control('/sim/clock', { advance: '25h' });
  await desk.send({ type: 'text', text: { body: 'Too late' } });
  await desk.control('/sim/faults', { spec: 'callback:duplicate' });
});
after(async () => { await browser?.close(); desk?.stop(); });

/** Lets axe look at the page as it is, or at a part of it. */
async function check(page, where, part = 'html') {
  // Once, as it is half a megabyte; and not as a script element, which the page's policy refuses.
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  // Of what is right nothing is told, and no file is fetched once more: that takes time, and finds nothing.
  const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: false };
  const { violations } = await page.evaluate(([within, how]) => globalThis.axe.run(within, how), [part, options]);
  assert.deepEqual(violations.map((it) => `${where}: ${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join(' | ')}`), []);
}

/** Every part of the page in one look. */
async function walk([scheme, width]) {
  const page = await openPage(browser, desk.url, { scheme, ...sizeOf(width) });
  await page.getByText('Too late').first().waitFor({ state: 'attached' });
  await check(page, 'chat');
  if (width === 'narrow') {
    await page.getByRole('button', { name: 'Back to the chats' }).click();
    await check(page, 'chats');
    await page.getByRole('button', { name: 'Inspector' }).click();
  }
  await page.locator('tbody tr').nth(2).click();
  await check(page, 'an exchange', '.side');
  await page.getByRole('region', { name: 'The exchange' }).getByRole('button', { name: 'Why?' }).click();
  await page.getByRole('region', { name: 'Why?' }).waitFor();
  await check(page, 'why', '.side');
  for (const name of ['Faults', 'Clock', 'Phone']) {
    await page.getByRole('tab', { name }).click();
    await check(page, name, '.side');
  }
  if (width === 'narrow') await page.getByRole('button', { name: 'Close the inspector' }).click();
  for (const name of ['Look around', 'Measure', 'Provide address', 'View', 'Send location', 'Open the shop', 'Allow', 'See all options']) {
    // By its text, as to tell the roles of everything in the chat takes a while.
    await page.locator('.tap').filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) }).first().click();
    await page.getByRole('dialog').waitFor();
    await check(page, name, 'dialog');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  }
  for (const name of ['Attach', 'Emoji']) {
    await page.getByLabel(name, { exact: true }).first().click();
    await check(page, name, '.composer');
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(page.problems.filter((it) => !/404/.test(it)), []);
  await page.context().close();
}

describe('axe finds nothing', { concurrency: 2 }, () => {
  for (const mode of MODES) test(mode.join(', '), { skip, timeout: 300_000 }, () => walk(mode));
});

test('at 200 % nothing has to be scrolled sideways', { skip }, async () => {
  for (const [width, height] of [[720, 450], [320, 568]]) {
    const page = await openPage(browser, desk.url, { width, height });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}`);
    await page.getByRole('textbox', { name: /^Message of/ }).fill('x');
    const box = await page.getByRole('button', { name: 'Send', exact: true }).boundingBox();
    assert.ok(box && box.x + box.width <= width && box.y + box.height <= height);
    await page.context().close();
  }
});
