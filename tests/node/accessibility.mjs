// Looks at pages in a real browser: axe-core's findings, and whether a page is wider than its window.
// In the file at argv[2]: {"pages": [{"name", "html"}], "stylesheet": "…", "views": [{"width", "dark"}]}: the first view
// is looked at by all rules, the others by those that the looks decide.
// On standard output: a list of findings, {"page", "width", "dark", "rule", "help", "at": ["css selector", …]}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const BY_LOOKS = { type: 'rule', values: ['color-contrast', 'target-size', 'scrollable-region-focusable'] };
const ORIGIN = 'https://platform.invalid/';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

const PATIENCE = 120_000; // of a machine that does much else

const { pages, stylesheet, views } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const findings = [];
let shown;

function answer(request) {
  if (request.url() === ORIGIN) {
    return request.respond({ contentType: 'text/html', body: '<title>before the first page</title>' });
  }
  if (request.resourceType() === 'stylesheet' && request.url().startsWith(ORIGIN)) {
    return request.respond({ contentType: 'text/css; charset=utf-8', body: stylesheet });
  }
  findings.push({ page: shown, rule: 'asks-for-more', help: 'one stylesheet is all', at: [request.url()] });
  return request.abort();
}

async function look(tab, rules) {
  const { violations } = await tab.evaluate(
    (runOnly) => globalThis.axe.run({ runOnly, resultTypes: ['violations'] }),
    rules,
  );
  const wide = await tab.evaluate(() => document.scrollingElement.scrollWidth > globalThis.innerWidth);
  const found = violations.map(({ id, help, nodes }) => ({ rule: id, help, at: nodes.flatMap((node) => node.target) }));
  return wide ? [...found, { rule: 'wider-than-window', help: 'reflow (WCAG 1.4.10)', at: ['html'] }] : found;
}

const browser = await puppeteer.launch({
  executablePath: await chromium.executablePath(),
  args: FLAGS,
  headless: 'shell',
  timeout: PATIENCE,
});
try {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.setRequestInterception(true);
  tab.on('request', answer);
  await tab.goto(ORIGIN);
  await tab.evaluate(AXE); // stays while documents come and go
  for (const { name, html } of pages) {
    shown = name;
    await tab.setContent(html, { waitUntil: 'load' });
    for (const [number, view] of views.entries()) {
      await tab.setViewport({ width: view.width, height: 800 });
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: view.dark ? 'dark' : 'light' }]);
      const found = await look(tab, number === 0 ? ALL : BY_LOOKS);
      findings.push(...found.map((each) => ({ page: name, ...view, ...each })));
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(findings));
