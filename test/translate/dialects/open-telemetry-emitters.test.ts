import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

function bedrock(method: string, model: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: `BedrockRuntime.${method}`,
    scope: { name: '@opentelemetry/instrumentation-aws-sdk', version: '0.79.0' },
    attributes: {
      'rpc.service': 'BedrockRuntime',
      'rpc.method': method,
      'gen_ai.system': 'aws.bedrock',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': 14,
      'gen_ai.usage.output_tokens': 5,
      ...attributes,
    },
  };
}

describe('the AWS SDK instrumentation', () => {
  itReads([
    {
      rule: 'InvokeModel has no operation name and is a generation',
      span: bedrock('InvokeModel', 'anthropic.claude-3-5-sonnet-20240620-v1:0', {
        'gen_ai.response.finish_reasons': ['end_turn'],
      }),
      call: {
        kind: 'generation',
        model: 'anthropic.claude-3-5-sonnet-20240620-v1:0',
        provider: 'aws.bedrock',
        usage: { inputTokens: 14, outputTokens: 5 },
        finishReason: 'stop',
      },
    },
    {
      rule: 'or an embedding, by its model',
      span: bedrock('InvokeModel', 'amazon.titan-embed-text-v2:0'),
      call: { kind: 'embedding' },
    },
    {
      rule: 'the output count of a Claude stream is taken at its start, so it is no count',
      span: bedrock('InvokeModelWithResponseStream', 'anthropic.claude-3-5-sonnet-20240620-v1:0', {
        'gen_ai.usage.output_tokens': 1,
      }),
      call: { kind: 'generation', usage: { inputTokens: 14 } },
      absent: ['usage.outputTokens'],
    },
    {
      rule: 'that of a Nova stream is measured',
      span: bedrock('InvokeModelWithResponseStream', 'amazon.nova-lite-v1:0'),
      call: { usage: { outputTokens: 5 } },
    },
    {
      rule: "Cohere's counts are guessed from the length",
      span: bedrock('InvokeModel', 'cohere.command-r-v1:0'),
      call: { kind: 'generation' },
      absent: ['usage'],
    },
    {
      rule: "and Mistral's",
      span: bedrock('InvokeModel', 'mistral.mistral-7b-instruct-v0:2'),
      absent: ['usage'],
    },
    {
      rule: 'Converse reports what Bedrock says',
      span: bedrock('Converse', 'mistral.mistral-large-2402-v1:0', { 'gen_ai.operation.name': 'chat' }),
      call: { usage: { inputTokens: 14 } },
    },
  ]);

  it('a call of another AWS service is foreign', () => {
    const s3 = span({
      name: 'S3.GetObject',
      scope: '@opentelemetry/instrumentation-aws-sdk',
      attributes: { 'rpc.service': 'S3', 'rpc.method': 'GetObject' },
    });
    expect(readCall(s3)).toMatchObject({ type: 'foreign' });
  });
});

describe('instrumentations of the contrib repositories', () => {
  itReads([
    {
      rule: 'a Python instrumentation is known by its attributes',
      span: {
        scope: 'opentelemetry.instrumentation.openai_v2',
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai' },
      },
      call: { kind: 'generation', dialect: 'gen-ai' },
    },
    {
      rule: 'Google makes the body of the answer the message of the error',
      span: {
        attributes: { 'gen_ai.operation.name': 'chat' },
        status: {
          code: 'error',
          message:
            '{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}',
        },
      },
      call: { httpStatus: 429 },
    },
  ]);

  it('an HTTP span of a Python service is foreign', () => {
    const request = span({
      name: 'GET',
      scope: 'opentelemetry.instrumentation.requests',
      attributes: { 'http.request.method': 'GET' },
    });
    expect(readCall(request)).toMatchObject({ type: 'foreign' });
  });
});
