import { describe, expect, it } from 'vitest';
import { statusInText, statusOfClass } from '../../../src/translate/dialects/shared/status-in-text.ts';
import { itReads } from '../../support/dialect-rows.ts';

describe('the status of a failed request in a message', () => {
  it.each<[string, number]>([
    ["Error code: 429 - {'error': {'message': 'Slow down'}}", 429],
    ["RateLimitError: Error code: 429 - {'error': {}}", 429],
    ["{'error': 'Error code: 401 - bad key'}", 401],
    ["message='Error code: 503' retryable=True", 503],
    ['429 Rate limit reached for gpt-4o', 429],
    ['529 {"type":"error","error":{"type":"overloaded_error"}}', 529],
    ['401: Incorrect API key', 401],
    ['429 - {"error":{"message":"Slow down"}}', 429],
    ["429 RESOURCE_EXHAUSTED. {'error': {'code': 429}}", 429],
    ['com.google.genai.errors.ClientException: 429 Too Many Requests. Slow down', 429],
    ['Error 429, Message: quota, Status: RESOURCE_EXHAUSTED', 429],
    ['model failed: POST "https://api.example.com/v1/chat": 401 Unauthorized {"error":{}}', 401],
    ['[VertexAI.ClientError]: got status: 429 Too Many Requests. {}', 429],
    ['{"error":{"code":429,"message":"quota"}}', 429],
    ['RESOURCE_EXHAUSTED: 429 quota', 429],
    ['status_code: 503, model_name: gpt-4o, body: None', 503],
    ["headers: {'date': 'x'}, status_code: 429, body: {}", 429],
    ['TooManyRequestsError\nStatus code: 429\nBody: {}', 429],
    ['Status code 429, "{ }"', 429],
    ['Slow down (Service: BedrockRuntime, Status Code: 429, Request ID: 1)', 429],
    ['An error occurred (ThrottlingException) when calling the Converse operation: Slow down', 429],
    ['API error occurred: Status 401. Body: {}', 401],
    ['model not found (status code: 404)', 404],
    ['HTTP 429 - Too Many Requests', 429],
    ['API Error: 400 bad request', 400],
    ['Request failed with status code 429', 429],
    ["Client error '429 Too Many Requests' for url 'https://api.example.com'", 429],
    ['ai.koog.LLMClientException httpCode=429', 429],
  ])('%s', (text, status) => {
    expect(statusInText(text)).toBe(status);
  });

  it.each([
    'There were 404 documents and 429 tokens',
    'Expected at most 500 items',
    'Error while reading 503 lines',
    'took 429ms',
    'order 404 has status open',
    '4290 is too much',
    '',
    undefined,
    429,
  ])('%s has none', (text) => {
    expect(statusInText(text)).toBeUndefined();
  });

  it('is linear on long texts', () => {
    const start = process.cpuUsage();
    for (const text of ['a: '.repeat(1e6), '{'.repeat(1e6), '"http://'.repeat(1e5), 'Error '.repeat(1e6)])
      statusInText(text);
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(1000);
  });
});

it.each<[string, number | undefined]>([
  ['openai.RateLimitError', 429],
  ['ThrottlingException', 429],
  ['anthropic.AuthenticationError', 401],
  ['NotFoundError', 404],
  ['FileNotFoundError', undefined],
  ['InternalServerError', undefined],
  ['ValueError', undefined],
])('the class %s stands for %s', (name, status) => {
  expect(statusOfClass(name)).toBe(status);
});

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
const ANSWER = '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]';

describe('how a call ended', () => {
  itReads([
    {
      rule: 'the status stands in the text of a failed span',
      span: {
        attributes: CHAT,
        status: { code: 'error', message: 'status_code: 503, model_name: m, body: None' },
      },
      call: { httpStatus: 503, error: { message: 'status_code: 503, model_name: m, body: None' } },
    },
    {
      rule: 'an attribute of the vendor',
      span: { attributes: { ...CHAT, error_status_code: '400', 'error.type': 'BadRequestError' } },
      call: { httpStatus: 400 },
    },
    {
      rule: 'a number beats what the class stands for',
      span: {
        attributes: { ...CHAT, 'error.type': 'RateLimitError' },
        status: { code: 'error', message: '529 {"type":"error"}' },
      },
      call: { httpStatus: 529 },
    },
    {
      rule: 'a failed call does not show a status below 400',
      span: { attributes: { ...CHAT, 'http.response.status_code': 200, 'error.type': 'APIError' } },
      call: { error: { type: 'APIError' } },
      absent: ['httpStatus'],
    },
    {
      rule: 'an exception that was handled on a span that ended well',
      span: {
        attributes: { ...CHAT, 'gen_ai.output.messages': ANSWER },
        status: { code: 'ok', message: undefined },
        events: [
          {
            name: 'exception',
            timeMs: undefined,
            attributes: { 'exception.type': 'KeyError', 'exception.message': 'x' },
          },
        ],
      },
      absent: ['error', 'httpStatus'],
    },
    {
      rule: '`error` beside an answer',
      span: {
        attributes: {
          ...CHAT,
          'gen_ai.output.messages': ANSWER,
          'gen_ai.response.finish_reasons': ['error'],
        },
      },
      absent: ['error', 'finishReason'],
    },
    {
      rule: '`error` without an answer',
      span: { attributes: { ...CHAT, 'gen_ai.response.finish_reasons': ['error'] } },
      call: { error: {}, finishReason: 'error' },
    },
    {
      rule: 'an answer that asks for tools ended with that',
      span: {
        attributes: {
          ...CHAT,
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.output.messages':
            '[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{}}]}]',
        },
      },
      call: { finishReason: 'tool_calls' },
    },
  ]);
});
