import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readOtlpJson } from '../../../src/translate/span/read-otlp-json.ts';
import { type BuiltPackage, buildPackage, run } from '../../cli/built-package.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { startGatewayProcess, writeGatewayFile } from '../gateway-process.ts';
import { CHROMIUM, openPage, startBrowser, type WatchedPage } from './browser.ts';
import { type DevProcess, startDevProcess } from './dev-process.ts';

const CORPUS = join(import.meta.dirname, '../../fixtures/corpus');
const TOOL_LOOP = join(CORPUS, 'vercel-ai-v6/generate-text-tool-loop.json');
const FAILED = join(CORPUS, 'langfuse/openai-chat-error-429.json');
const PROMPT = 'What is the weather in Paris?';
const KEY = 'phc_key_of_this_test_0123456789abcdef';

if (!CHROMIUM)
  console.log('Without Chromium the page is not tested in a browser (apt-get install chromium).');

describe.skipIf(!CHROMIUM)('the page in a browser', { timeout: 120_000 }, () => {
  let built: BuiltPackage;
  let browser: Browser;
  beforeAll(async () => {
    [built, browser] = await Promise.all([buildPackage(), startBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });

  const dev = async (): Promise<{ readonly gateway: DevProcess } & WatchedPage> => {
    const gateway = await startDevProcess(built.folder);
    onTestFinished(async () => {
      gateway.process.kill('SIGTERM');
      await gateway.ended;
    });
    const watched = await openPage(browser, gateway.pageUrl);
    onTestFinished(() => watched.page.context().close());
    return { gateway, ...watched };
  };

  const send = async ({ otlpUrl }: { readonly otlpUrl: string }, body: string | Buffer): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body: Buffer.from(body) });
    expect(answer.status).toBe(200);
  };

  const rows = (page: Page) => page.locator('tbody tr[data-key]');
  const generations = (page: Page) => rows(page).filter({ hasText: 'generation' });
  const openTab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

  it('says what to run, then shows a call with its event, its explanation and its trace', async () => {
    const { gateway, page, requests, complaints } = await dev();
    await page.getByText('npx posthog-llm-exporter dev -- python app.py').waitFor();
    await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${gateway.otlpUrl}`).waitFor();

    await send(gateway, await readFile(TOOL_LOOP));
    await generations(page).nth(1).waitFor();
    expect(await rows(page).count()).toBe(4);
    expect(await generations(page).first().innerText()).toMatch(/gpt-4o-mini[\s\S]*108 → 26/);

    await generations(page).first().click();
    const detail = page.getByRole('region', { name: 'Call', exact: true });
    await detail.getByText(PROMPT).waitFor();
    expect(await detail.locator('.message h3').allInnerTexts()).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);

    await openTab(page, 'Event');
    const event = JSON.parse(await detail.locator('.json').innerText()) as Record<string, unknown>;
    expect(event).toMatchObject({ event: '$ai_generation', properties: { $ai_input_tokens: 108 } });

    await openTab(page, 'Why');
    await detail.getByText('Vercel AI SDK').first().waitFor();
    const source = detail.locator('tr', { hasText: '$ai_input_tokens' }).first();
    expect(await source.innerText()).toMatch(/108[\s\S]*attribute[\s\S]*rule of/);
    expect(await detail.getByText('Attributes that were not used').isVisible()).toBe(true);

    await openTab(page, 'Trace');
    const lines = detail.locator('.waterfall li');
    await lines.nth(3).waitFor();
    const indents = await lines
      .locator('.label')
      .evaluateAll((labels) => labels.map(({ style }) => style.paddingLeft));
    expect(indents).toEqual(['0px', '14px', '14px', '14px']);
    await lines.nth(0).getByRole('button').click();
    await detail.locator('header .tag', { hasText: 'trace' }).waitFor();

    expect(requests.filter((url) => !url.startsWith(gateway.pageUrl))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('filters, pauses and clears', async () => {
    const { gateway, page } = await dev();
    await send(gateway, await readFile(TOOL_LOOP));
    await send(gateway, await readFile(FAILED));
    await generations(page).nth(2).waitFor();
    const count = await rows(page).count();

    await page.getByRole('searchbox', { name: 'Search' }).fill('get_weather');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Search' }).fill('');
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Failed calls' });
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(await rows(page).first().innerText()).toContain('failed');
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Any status' });
    await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Model calls' });
    await expect.poll(() => rows(page).count()).toBe(3);
    await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'All events' });

    await page.getByRole('button', { name: 'Pause' }).click();
    await send(gateway, spanNamed('came while paused'));
    await page.getByRole('button', { name: /Resume \(\d+\)/ }).waitFor();
    expect(await rows(page).count()).toBe(count);
    await page.getByRole('button', { name: 'Resume' }).click();
    await rows(page).filter({ hasText: 'came while paused' }).waitFor();

    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => rows(page).count()).toBe(0);
    await send(gateway, spanNamed('came after it was cleared', 7));
    await rows(page).filter({ hasText: 'came after it was cleared' }).waitFor();
    expect(await rows(page).count()).toBe(1);
  });

  it('is used by keyboard alone', async () => {
    const { gateway, page } = await dev();
    await send(gateway, await readFile(TOOL_LOOP));
    await generations(page).nth(1).waitFor();
    const focused = () => page.locator(':focus').getAttribute('data-key');
    const keys = await rows(page).evaluateAll((all) => all.map(({ dataset }) => dataset['key']));

    await rows(page).first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(keys[1]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(keys.at(-1));
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor();
    expect(await rows(page).nth(1).getAttribute('aria-selected')).toBe('true');

    await page.getByRole('tab', { name: 'Conversation' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator(':focus').innerText()).toBe('Event');
    await page.keyboard.press('Escape');
    await page.locator('.detail').waitFor({ state: 'detached' });
    expect(await focused()).toBe(keys[1]);
    await page.keyboard.press('/');
    expect(await page.locator(':focus').getAttribute('id')).toBe('search');
  });

  it('downloads a trace that explain reads', async () => {
    const { gateway, page } = await dev();
    await send(gateway, await readFile(TOOL_LOOP));
    await generations(page).first().click();
    await openTab(page, 'Trace');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download OTLP/JSON' }).click(),
    ]);
    const file = await download.path();
    const sent = readOtlpJson(JSON.parse(await readFile(TOOL_LOOP, 'utf8')));
    const read = readOtlpJson(JSON.parse(await readFile(file, 'utf8')));
    const bySpanId = (a: { spanId: string }, b: { spanId: string }) => a.spanId.localeCompare(b.spanId);
    expect(read.toSorted(bySpanId)).toEqual(sent.toSorted(bySpanId));
    const explained = await run(process.execPath, [join(built.folder, 'dist/cli/main.js'), 'explain', file]);
    expect(explained.stdout).toContain('$ai_generation');
  });

  it('gives a link to a call, which shows it again, or says that it is gone', async () => {
    const { gateway, page } = await dev();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await send(gateway, await readFile(TOOL_LOOP));
    await generations(page).first().click();
    const detail = page.getByRole('region', { name: 'Call', exact: true });
    await detail.getByRole('button', { name: 'Copy link' }).click();
    await detail.getByText('Copied').waitFor();
    const link = String(await page.evaluate('navigator.clipboard.readText()'));
    const name = await detail.getByRole('heading', { level: 2 }).innerText();

    const { page: other } = await openPage(browser, link);
    onTestFinished(() => other.context().close());
    const shown = other.getByRole('region', { name: 'Call', exact: true }).getByRole('heading', { level: 2 });
    await expect.poll(() => shown.innerText()).toBe(name);
    await other.goto(`${gateway.pageUrl}/#calls/of-long-ago`);
    await expect.poll(() => shown.innerText()).toBe('A call that is gone');
    await other.getByRole('button', { name: 'Close' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(new URL(other.url()).hash).toBe('#calls');
  });

  it('is light or dark as the system is, and fits a narrow screen', async () => {
    const { gateway, page } = await dev();
    await send(gateway, await readFile(TOOL_LOOP));
    await generations(page).first().click();
    const brightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
      await page.emulateMedia({ colorScheme });
      const colour = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      return Math.max(...(colour.match(/\d+/g) ?? []).map(Number));
    };
    expect(await brightness('light')).toBeGreaterThan(230);
    expect(await brightness('dark')).toBeLessThan(40);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await page.locator('.detail').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(360);
    await page.keyboard.press('Escape');
    expect(await page.locator('.list').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(360);
  });

  it('shows text of spans as text', async () => {
    const { gateway, page, complaints } = await dev();
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await send(gateway, spanNamed(markup));
    await rows(page).filter({ hasText: markup }).click();
    for (const tab of ['Conversation', 'Event', 'Why', 'Trace']) await openTab(page, tab);
    expect(await page.title()).toBe('PostHog LLM exporter');
    expect(complaints).toEqual([]);
  });

  it('asks for the token, shows no content, tests destinations and knows no key', async () => {
    const posthog = await loopbackOfTest({ knownKeys: [KEY] });
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'gateway.json');
    await writeGatewayFile(file, {
      page: { token: 'the-right-token' },
      destinations: [
        { name: 'product', apiKey: KEY, endpoint: posthog.url },
        // Nothing listens there.
        { name: 'away', apiKey: KEY, endpoint: 'http://127.0.0.1:9', deadlineMs: 1_000 },
      ],
    });
    const gateway = await startGatewayProcess(built.folder, file);
    onTestFinished(async () => {
      gateway.process.kill('SIGTERM');
      await gateway.ended;
    });
    const { page, requests } = await openPage(browser, gateway.adminUrl);
    onTestFinished(() => page.context().close());

    for (const token of ['a-wrong-token', 'the-right-token']) {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Show the page' }).click();
      await page.getByText(token === 'a-wrong-token' ? 'did not take this token' : 'Live').waitFor();
    }
    await send(gateway, await readFile(TOOL_LOOP));
    const first = generations(page).first();
    await first.locator('.pill', { hasText: 'away' }).waitFor();
    await expect.poll(() => first.locator('.pill.taken', { hasText: 'product' }).count()).toBe(1);
    await expect.poll(() => first.locator('.pill.lost', { hasText: 'away' }).count()).toBe(1);
    await first.click();
    await page.getByText('Prompts and answers are not shown here').waitFor();
    await openTab(page, 'Event');
    await page.locator('.json').waitFor();
    expect(await page.content()).not.toContain(PROMPT);

    await page.getByRole('link', { name: 'Destinations' }).click();
    const card = (name: string) => page.getByRole('article', { name: `Destination ${name}` });
    await card('product').getByRole('button', { name: 'Test connection' }).click();
    await card('product').locator('.outcome.good').waitFor();
    await card('away').getByRole('button', { name: 'Test connection' }).click();
    await card('away').locator('.outcome.problem').waitFor();
    await card('away').locator('.pill.degraded').waitFor();
    const before = posthog.events.length;
    await card('product').getByRole('button', { name: 'Send a test trace' }).click();
    await card('product').getByText('Taken: one generation').waitFor();
    expect(posthog.events.length).toBeGreaterThan(before);

    await writeGatewayFile(file, {
      destinations: [{ name: 'product', apiKey: 'phc_wrong' }],
      page: { tokn: '' },
    });
    gateway.process.kill('SIGHUP');
    await page.getByRole('alert').getByText('has no setting "tokn"').waitFor();
    await card('away').waitFor();

    await page.getByRole('link', { name: 'Senders' }).click();
    await page.getByRole('cell', { name: 'http', exact: true }).waitFor();
    expect(await page.content()).not.toContain('phc_');
    expect(await page.context().cookies()).toEqual([]);
    expect(requests.join('\n')).not.toContain('the-right-token');
    expect(requests.filter((url) => !url.startsWith(gateway.adminUrl))).toEqual([]);
  });
});

function spanNamed(name: string, number = 1): string {
  const span = {
    traceId: number.toString(16).padStart(32, '0'),
    spanId: number.toString(16).padStart(16, '0'),
    name: 'chat',
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: name } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '3' } },
      {
        key: 'gen_ai.input.messages',
        value: { stringValue: JSON.stringify([{ role: 'user', content: name }]) },
      },
    ],
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}
