import { describe, expect, it } from 'vitest';
import { readParts } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' };
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookup' };

const cancelled: SpanParts['status'] = { code: 'error', message: '' };
const CANCELLED = { 'error.type': 'asyncio.exceptions.CancelledError' };

describe('whether a call streams', () => {
  it.each<[string, SpanParts, boolean | undefined]>([
    ['the name of the method', { name: 'GenerateContentStream', attributes: CHAT }, true],
    ['in snake case, behind dots', { name: 'Model.invoke_stream', attributes: CHAT }, true],
    ['the method of a remote call', { attributes: { ...CHAT, 'rpc.method': 'ConverseStream' } }, true],
    ['nothing', { name: 'chat gpt-4o', attributes: { ...CHAT, 'rpc.method': 'Converse' } }, undefined],
    [
      'an attribute rather than the name',
      { name: 'stream', attributes: { ...CHAT, 'gen_ai.request.stream': false } },
      false,
    ],
    ['no class that has the word in its name', { name: 'Streamlit.chat', attributes: CHAT }, undefined],
  ])('is known by %s', (_by, parts, streaming) => {
    expect(readParts(parts).streaming).toBe(streaming);
  });
});

describe('what no failure is', () => {
  it.each<[string, SpanParts]>([
    ['a run that was stopped', { attributes: { ...AGENT, ...CANCELLED }, status: cancelled }],
    [
      'a tool that says it went well',
      { attributes: { ...TOOL, 'gen_ai.tool.call.result': '{"status":"ok"}' } },
    ],
  ])('%s', (_what, parts) => {
    expect(readParts(parts).error).toBeUndefined();
  });
});

describe('what is a failure', () => {
  it.each<[string, SpanParts, object]>([
    ['a call that was stopped', { attributes: { ...CHAT, ...CANCELLED }, status: cancelled }, {}],
    [
      'an answer of a tool that says so',
      { attributes: { ...TOOL, 'gen_ai.tool.call.result': '{"status":"error","message":"no such id"}' } },
      { message: 'no such id' },
    ],
    ['in camel case', { attributes: { ...TOOL, 'gen_ai.tool.call.result': '{"isError":true}' } }, {}],
  ])('%s', (_what, parts, error) => {
    expect(readParts(parts).error).toMatchObject(error);
  });
});

describe('what is no content', () => {
  it.each([
    '<groq.Stream object at 0x7f57fe536290>',
    '<async_generator object run at 0x7f57fe5362>',
    '{"output":null}',
  ])('%s', (answer) => {
    expect(readParts({ attributes: { ...CHAT, 'gen_ai.completion': answer } }).output).toBeUndefined();
  });

  it.each(['<b>bold</b>', '{"output":"yes"}', 'look at 0x7f'])('but %s is', (answer) => {
    expect(readParts({ attributes: { ...CHAT, 'gen_ai.completion': answer } }).output).toBeDefined();
  });
});
