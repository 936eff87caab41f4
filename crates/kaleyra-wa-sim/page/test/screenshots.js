// Takes pictures of the page in its four looks, with every kind of message: into `shots/`. With `readme`, the README's two of a
// chat with the demo's bot: into docs/images.

import { mkdir } from 'node:fs/promises';
import { launch, MODES, openPage, sizeOf, start, startDesk, USER } from './desk.js';
import { PICTURE, sent, WRITTEN } from './kinds.js';

const isReadme = process.argv.includes('readme');
const folder = new URL(isReadme ? '../../../../docs/images/' : '../shots/', import.meta.url).pathname;
await mkdir(folder, { recursive: true });
const browser = await launch();
await (isReadme ? chat() : everything());
await browser.close();

/** A chat with the demo's bot, wide and light, narrow and dark. */
async function chat() {
  const demo = await start(['demo', '--no-open']);
  const page = await openPage(browser, demo.url, { width: 1280, height: 720 });
  await talk(page);
  await page.locator('tbody tr', { hasText: 'button_reply' }).or(page.locator('tbody tr', { hasText: 'interactive' })).first().click();
  await settle(page);
  await page.screenshot({ path: `${folder}page-light.png` });
  const narrow = await openPage(browser, demo.url, { scheme: 'dark', width: 390, height: 720 });
  await narrow.getByRole('button', { name: 'Back to the chats' }).click();
  await narrow.getByRole('button', { name: /Tara Example/ }).first().click();
  await settle(narrow);
  await narrow.screenshot({ path: `${folder}page-dark.png` });
  await demo.end();
}

/** A little talk of a new user with the bot. */
async function talk(page) {
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Tara Example');
  await page.getByRole('dialog').getByRole('button', { name: 'Take the phone' }).click();
  await page.getByText('You are Tara Example').waitFor();
  const field = page.getByRole('textbox', { name: /^Message of/ });
  await field.fill('Hi! Is the blue one in stock?');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Show me a shoe' }).click();
  await page.waitForFunction(() => [...document.querySelectorAll('img.photo')].some((it) => it.naturalWidth > 0));
  await page.getByRole('article').filter({ hasText: 'in all sizes' }).hover();
  await page.getByRole('article').filter({ hasText: 'in all sizes' }).getByRole('button', { name: 'React with ❤️' }).click();
  await page.locator('.reactions').waitFor();
  await page.getByText('With love from the shop').first().waitFor();
  await field.fill('menu');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Look around' }).waitFor();
}

/** Waits for what is still on its way, and moves the mouse away. */
async function settle(page) {
  await page.mouse.move(1, 1);
  await page.waitForTimeout(1_200);
  await page.getByRole('log').first().evaluate((it) => { it.scrollTop = it.scrollHeight; });
  await page.waitForTimeout(200);
}

/** All kinds, screen by screen, and each part of the inspector. */
async function everything() {
  const desk = await startDesk();
  await desk.control('/sim/settings', { statuses: 'sent:0,delivered:0,read:manual' }, 'PATCH');
  for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, body);
  const picture = await desk.upload(PICTURE, 'image/png');
  for (const message of sent(picture)) await desk.send(message);
  for (const [scheme, width] of MODES) {
    const page = await openPage(browser, desk.url, { scheme, ...sizeOf(width) });
    const shoot = async (name) => { await page.waitForTimeout(150); await page.screenshot({ path: `${folder}${scheme}-${width}-${name}.png` }); };
    await page.getByRole('article').first().waitFor();
    const screens = await page.getByRole('log').evaluate((it) => Math.ceil(it.scrollHeight / (it.clientHeight * 0.9)));
    for (let screen = 0; screen < screens; screen += 1) {
      await page.getByRole('log').evaluate((it, at) => { it.scrollTop = at * it.clientHeight * 0.9; }, screen);
      await shoot(String(screen).padStart(2, '0'));
    }
    if (width === 'narrow') await page.getByRole('button', { name: 'Inspector' }).click();
    await shoot('exchanges');
    await page.locator('tbody tr').nth(2).click();
    await shoot('exchange');
    for (const name of ['Faults', 'Clock', 'Phone']) {
      await page.getByRole('tab', { name }).click();
      await shoot(name.toLowerCase());
    }
    await page.context().close();
  }
  desk.stop();
}
