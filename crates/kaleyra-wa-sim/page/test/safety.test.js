// Nothing that anybody writes runs, no foreign page gets in, and no size makes the page slow.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { hasBrowser, launch, openPage, startDesk, USER } from './desk.js';
import { PICTURE, poisoned, sent, WRITTEN } from './kinds.js';

const skip = hasBrowser ? false : 'there is no chromium';
let browser;
let desk;

before(async () => { if (!skip) [browser, desk] = [await launch(), await startDesk({ bot: () => [] })]; });
after(async () => { await browser?.close(); desk?.stop(); });

test('a script in every text of every kind stays a text', { skip }, async () => {
  const picture = await desk.upload(PICTURE, 'image/png');
  for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, { ...poisoned(body), name: '<img src=x onerror="window.ran=1">' });
  for (const message of sent(picture)) await desk.send(poisoned(message));
  const page = await openPage(browser, desk.url);
  await page.getByText('onerror').first().waitFor();
  for (const row of await page.locator('tbody tr').all()) await row.click();
  for (const summary of await page.locator('summary').all()) if (await summary.isVisible()) await summary.click();
  for (const name of ['Faults', 'Clock', 'Phone', 'Exchanges']) await page.getByRole('tab', { name }).click();
  for (const name of await page.locator('.taps button:not([aria-disabled])').all()) {
    await name.click();
    const close = page.getByRole('button', { name: 'Close', exact: true });
    if (await close.count()) await close.click();
  }
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => 'ran' in window), false);
  assert.equal(await page.locator('[onerror]').count(), 0);
  await assert.rejects(page.evaluate(() => { document.createElement('p').innerHTML = '<b>x</b>'; }), /TrustedHTML/);
  assert.deepEqual(page.problems.filter((it) => !/404|clipboard/.test(it)), []);
  await page.context().close();
});

test('a file that is a web page runs nothing', { skip }, async () => {
  await fetch(`${desk.url}/sim/users/${USER}/document?filename=a.html`, { method: 'POST', headers: { 'content-type': 'text/html' }, body: '<script>document.title="ran"</script>' });
  const line = (await desk.control(`/sim/conversations/${USER}`)).at(-1);
  const page = await browser.newPage();
  for (const url of [line.media_url, line.media_url.replace('/media/', '/sim/files/')]) {
    await page.goto(url);
    assert.notEqual(await page.title(), 'ran');
  }
  await page.close();
});

/** What the page's address responds to a request with these headers. */
function status(path, headers, method = 'GET') {
  return new Promise((done, fail) => {
    const request = http.request(desk.url + path, { method, headers }, (response) => { response.resume(); done(response.statusCode); });
    request.on('error', fail);
    request.end();
  });
}

test('foreign hosts and origins are refused, for the page and its parts as well', { skip }, async () => {
  for (const path of ['/', '/page/src/main.js', '/sim/log', '/sim/conversations', '/sim/files/x']) {
    assert.equal(await status(path, { host: 'evil.example', accept: 'text/html' }), 421, path);
    assert.equal(await status(path, { origin: 'http://evil.example', accept: 'text/event-stream' }), 403, path);
    assert.equal(await status(path, { 'sec-fetch-site': 'cross-site' }), 403, path);
  }
  assert.equal(await status('/page/../Cargo.toml', {}), 404);
  assert.equal(await status('/page/%2e%2e/Cargo.toml', {}), 404);
  const curl = await fetch(`${desk.url}/`, { headers: { accept: '*/*' } });
  assert.match(await curl.text(), /^A simulated Kaleyra/);
});

test('10,000 messages', { skip, timeout: 180_000 }, async () => {
  await desk.control('/sim/state', undefined, 'DELETE');
  let next = 0;
  const write = async () => { while (next < 10_000) await desk.control(`/sim/users/${USER}/text`, { body: `Message ${next += 1}` }); };
  await Promise.all(Array.from({ length: 32 }, write));
  const began = performance.now();
  const page = await openPage(browser, desk.url);
  await page.getByRole('article').nth(199).waitFor();
  const loaded = performance.now() - began;
  assert.equal(await page.getByRole('article').count(), 200);
  // A generous limit, as the machine may be busy; alone it takes about a second.
  assert.ok(loaded < 10_000, `${loaded} ms`);
  await page.getByRole('button', { name: 'Older messages' }).click();
  await page.getByRole('article').nth(399).waitFor();
  const typed = performance.now();
  await page.getByRole('textbox', { name: /^Message of/ }).fill('One more');
  await page.keyboard.press('Enter');
  await page.getByRole('article').filter({ hasText: 'One more' }).waitFor();
  assert.ok(performance.now() - typed < 3_000);
  await page.context().close();
});
