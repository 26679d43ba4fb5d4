// Looks at the pages of a running attache in a browser: pages.mjs BASE PICTURES LIST
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { Validator } from '@seriousme/openapi-schema-validator';

const [, , base, pictures, listed] = process.argv;
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const day = 'at=2025-10-26T18:00:00Z';
const pages = {
  calendar: '/', 'calendar-as-of': `/?${day}`, 'calendar-topic': `/?topic=tariffs&tz=Europe/Brussels&${day}`, 'calendar-none': '/?q=nothing-has-this', 'calendar-refused': '/?kind=none&from=x',
  past: '/?list=past', 'calendar-from': `/?on=2026-01-01&${day}`, month: `/?view=month&${day}`, week: `/?view=week&${day}`, timeline: `/?view=timeline&scale=year&past=shown&${day}`, 'timeline-topic': `/?view=timeline&group=topic&${day}`, 'event-window': `/events/washington-follow-up?${day}`, 'event-deadline': `/events/us-tariffs-100?${day}`, 'event-undated': '/events/rare-earth-controls',
  'event-edited': '/events/trump-xi-meeting', changes: '/changes', subscribe: '/subscribe', help: '/help', 'help-dates': '/help/dates', 'help-feeds': '/help/feeds', status: '/status', nowhere: '/nowhere',
};
const faults = [];
const fault = (where, what) => { faults.push(`${where}: ${what}`); };

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

// answer gives the status that a page is answered with.
const answer = (path) => path === '/nowhere' ? 404 : path === pages['calendar-refused'] ? 400 : 200;

// open gives a page that reports what goes wrong in it.
async function open(name, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  page.on('console', (m) => {
    const expected = answer(path) !== 200 && m.text().includes(answer(path));
    if (['error', 'warning'].includes(m.type()) && !expected) fault(name, `console: ${m.text()}`);
  });
  page.on('pageerror', (e) => fault(name, `script: ${e.message}`));
  page.on('request', (r) => { if (!r.url().startsWith(base)) fault(name, `it asks ${r.url()}`); });
  await page.addInitScript(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) window.shifted += e.value; }))
      .observe({ type: 'layout-shift', buffered: true });
  });
  const response = await page.goto(base + path, { waitUntil: 'load' });
  assert.equal(response.status(), answer(path), path);
  return { context, page };
}

// look looks at a page of some width, in the light and then in the dark.
async function look(name, path, width, schemes = ['light', 'dark']) {
  const { context, page } = await open(`${name} ${width}`, path, { viewport: { width, height: 900 }, colorScheme: 'light' });
  const shifted = await page.evaluate(() => new Promise((done) => setTimeout(() => done(window.shifted), 100)));
  if (shifted > 0.1) fault(`${name} ${width}`, `the layout shifts by ${shifted}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) fault(`${name} ${width}`, `${wide} pixels are beyond its right edge`);
  await page.evaluate(axe);
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
    for (const v of found.violations) {
      const nodes = v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`);
      fault(`${name} ${scheme} ${width}`, `axe: ${v.id}: ${v.help}\n    ${nodes.join('\n    ')}`);
    }
    await page.screenshot({ path: `${pictures}/${name}-${scheme}-${width}.png`, fullPage: true });
  }
  await context.close();
}

for (const [name, path] of Object.entries(pages)) {
  await Promise.all([look(name, path, 1280), look(name, path, 360)]);
}
await Promise.all(['calendar', 'event-window', 'subscribe', 'help-dates', 'help-feeds', 'status'].map((name) => look(name, pages[name], 320, ['light'])));
console.log(`${Object.keys(pages).length} pages, light and dark, wide and narrow`);

// By keyboard: past the navigation, through the filters, to a choice in the address.
{
  const { context, page } = await open('keyboard', '/');
  const focus = () => page.evaluate(() => {
    const e = document.activeElement, s = getComputedStyle(e);
    return { tag: e.tagName, id: e.id, text: e.textContent.trim().slice(0, 40), seen: s.outlineStyle !== 'none' || e.tagName === 'MAIN' };
  });
  await page.keyboard.press('Tab');
  assert.equal((await focus()).text, 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal((await focus()).id, 'main', 'the first link leads to the content');
  const stops = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const at = await focus();
    if (!at.seen) fault('keyboard', `nobody sees that ${at.tag} “${at.text}” has the focus`);
    stops.push(at.text);
  }
  await page.locator('summary', { hasText: 'Topic' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  assert.match((await focus()).text, /^Topic/, 'Escape closes the list and goes back to its name');
  await page.locator('form.filters button.btn').focus();
  await Promise.all([page.waitForURL(/\?topic=/), page.keyboard.press('Enter')]);
  assert.match(page.url(), /\/\?topic=[-a-z]+$/, 'only what was chosen is in the address');
  assert.match(await page.locator('.lead').innerText(), /Only topic/);
  const feed = await page.locator('.copy code').textContent();
  const at = new URL(feed);
  const ics = await (await fetch(base + at.pathname + at.search)).text();
  assert.match(ics, /^BEGIN:VCALENDAR/, 'the feed of what is chosen');
  const whole = await (await fetch(`${base}/feeds/all.ics`)).text();
  assert.ok(ics.split('BEGIN:VEVENT').length < whole.split('BEGIN:VEVENT').length, 'it holds less than all');
  console.log(`keyboard: ${stops.length} stops, all seen; ${at.pathname}${at.search} is its feed`);
  await context.close();
}

// Keys, pins, and what the browser remembers: only there, and none of it in a cookie.
{
  const { context, page } = await open('keys', '/');
  const focus = () => page.evaluate(() => `${document.activeElement.textContent.trim()} ${document.activeElement.name ?? ''}`);
  const links = await page.locator('article.ev h4 a').allTextContents();
  for (const [key, want] of [['j', 0], ['j', 1], ['k', 0]]) {
    await page.keyboard.press(key);
    assert.equal((await focus()).trim(), links[want].trim(), key);
  }
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  assert.match(await focus(), /on$/, 'g d goes to the day');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog').isVisible(), 'the keys are told');
  await page.keyboard.press('Escape');
  await page.locator('article.ev .pin').nth(1).click();
  await Promise.all([page.waitForURL(/event=/), page.getByText('Pinned (1)').click()]);
  assert.equal(await page.locator('article.ev').count(), 1, 'what is pinned is shown alone');
  await page.goto(`${base}/?topic=tariffs`);
  await page.getByText('Remember this choice').click();
  await page.goto(`${base}/`);
  await Promise.all([page.waitForURL(/topic=tariffs/), page.getByText('Your choice').click()]);
  await page.selectOption('select[name="tz"]', 'Asia/Seoul');
  await Promise.all([page.waitForURL(/tz=Asia%2FSeoul/), page.locator('form.filters button.btn').click()]);
  await page.goto(`${base}/?view=month&on=2026-01-15`);
  await page.waitForURL(/tz=Asia%2FSeoul/);
  await page.locator('.grid a.d').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  assert.match(await focus(), /6 Jan 2026|5 Jan 2026/, 'arrows go from day to day');
  await Promise.all([page.waitForURL(/on=2025-12-01/), page.keyboard.press('ArrowUp').then(() => page.keyboard.press('ArrowUp'))]);
  assert.equal((await context.cookies()).length, 0);
  console.log('keys, pins, a choice and a zone are kept in the browser');
  await context.close();
}

// Without scripts everything is there, and the filters work.
{
  const { context, page } = await open('no script', `/?${day}`, { javaScriptEnabled: false });
  const text = await page.locator('main').innerText();
  for (const want of ['Trump travels to Beijing', 'Some day from 1 Jan to 16 Feb 2026', 'US tariffs of 100% on Chinese goods', 'in 6 days', 'before Lunar New Year', 'No date yet', 'Under way:']) {
    assert.ok(text.includes(want), `without scripts the page has no “${want}”`);
  }
  const told = page.locator('details.told').first();
  await told.locator('summary').click();
  assert.ok(await told.locator('.more').isVisible(), 'a line opens');
  await Promise.all([page.waitForURL(/view=timeline/), page.getByRole('link', { name: 'Timeline' }).click()]);
  await Promise.all([page.waitForURL(/scale=year/), page.getByRole('link', { name: 'Year' }).click()]);
  await Promise.all([page.waitForURL(/past=shown/), page.getByRole('link', { name: 'Shown' }).click()]);
  const lanes = await page.locator('.tl ol > li').count();
  assert.ok(lanes >= 8, 'the timeline is a list');
  await page.locator('summary', { hasText: 'Kind' }).click();
  await page.locator('input[name="kind"][value="deadline"]').check();
  await Promise.all([page.waitForURL(/kind=deadline/), page.locator('form.filters button.btn').click()]);
  assert.match(await page.locator('.lead').innerText(), /Only kind deadline/);
  console.log(`without scripts: ${lanes} events in the timeline, and a filter works`);
  await context.close();
}

// What a screen reader is told: the timeline as a list, and no drawing.
{
  const { context, page } = await open('screen reader', pages.timeline);
  const tree = await page.locator('main').ariaSnapshot();
  assert.match(tree, /listitem/);
  assert.ok(!/img|graphics/.test(tree), 'the drawing is not read out');
  assert.match(tree, /Thu 30 Oct 2025/);
  await context.close();
}

// On paper, and where people want nothing to move.
{
  const { context, page } = await open('paper', `/?${day}`, { reducedMotion: 'reduce' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto');
  await page.emulateMedia({ media: 'print' });
  for (const control of ['form.filters', '.tools', '.news', '.told .more']) {
    assert.equal(await page.locator(control).first().isVisible(), false, `${control} is printed`);
  }
  assert.equal(await page.locator('nav[aria-label="Pages"]').isVisible(), false);
  const pdf = await page.pdf({ format: 'A4', path: `${pictures}/calendar-a4.pdf` });
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets >= 1 && sheets <= 4, `${sheets} sheets of A4`);
  console.log(`A4: ${sheets} sheets`);
  await page.goto(base + pages.month);
  assert.ok(await page.locator('.bars .bar').first().isVisible(), 'what lasts for days is printed in a month');
  await context.close();
}
await browser.close();

// What programs read.
{
  const document = await (await fetch(`${base}/api/openapi.json`)).json();
  const result = await new Validator().validate(document);
  assert.ok(result.valid, `the description of the API: ${JSON.stringify(result.errors)}`);
  const commands = readFileSync(listed, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
  const { events } = await (await fetch(`${base}/api/v1/events`)).json();
  assert.equal(events.length, commands.length, 'the API gives the events of attache list --json');
  events.forEach((e, i) => {
    const [got, want] = [e, commands[i]].map((o) => JSON.stringify(o));
    assert.ok(got === want, `the API gives\n${got}\nand attache list --json\n${want}`);
  });
  console.log(`API: ${events.length} events, as attache list --json gives them`);
}

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
