import { encodePieces } from '../../../src/json/memory/encode-pieces.ts';
import { stringifyEvent } from '../../../src/translate/limits/stringify-event.ts';
import type { EventProperties, PostHogEvent } from '../../../src/translate/posthog-event.ts';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Properties of an event that no trimming may touch. */
export const UNTOUCHABLE: EventProperties = {
  $ai_trace_id: '0af7651916cd43dd8448eb211c80319c',
  $ai_span_id: 'b7ad6b7169203331',
  $ai_parent_id: '00f067aa0ba902b7',
  $ai_session_id: 'session_abc',
  $session_id: '0198c0de-0000-7000-8000-0000000000aa',
  $ai_user: 'user_12345',
  $groups: { company: 'acme' },
  $ai_model: 'gpt-4o-mini',
  $ai_provider: 'openai',
  $ai_latency: 1.234567,
  $ai_time_to_first_token: 0.25,
  $ai_stream: true,
  $ai_http_status: 200,
  $ai_input_tokens: 123_456,
  $ai_output_tokens: 789,
  $ai_cache_read_input_tokens: 1_000,
  $ai_cache_reporting_exclusive: false,
  $ai_reasoning_tokens: 12,
  $ai_input_cost_usd: 0.000_018_5,
  $ai_output_cost_usd: 1.1e-7,
  $ai_total_cost_usd: 0.1 + 0.2,
  $ai_cost_passthrough: true,
  $ai_is_error: true,
  $ai_error_type: 'RateLimitError',
  $process_person_profile: false,
  $geoip_disable: true,
  $lib: 'posthog-llm-exporter',
  $lib_version: '0.1.0',
};

export function eventWith(properties: EventProperties): PostHogEvent {
  return {
    event: '$ai_generation',
    uuid: '0198c0de-0000-7000-8000-000000000000',
    distinct_id: 'user_12345',
    timestamp: '2026-01-02T03:04:05.678Z',
    properties: { ...UNTOUCHABLE, ...properties },
  };
}

/** Text with quotes, line breaks and characters of one to four bytes; the last may be half a pair short. */
export function prose(characters: number): string {
  const line = 'The "quick" brown fox\njumps über 12 łazy dogs, 漢字かな交じり文 😀👩‍👩‍👧 and \\ on. ';
  const text = line.repeat(Math.ceil(characters / line.length)).slice(0, characters);
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

export function base64(bytes: number): string {
  const data = Buffer.alloc(bytes);
  for (let index = 0; index < bytes; index++) data[index] = (index * 167 + (index >> 8) * 13) & 0xff;
  return data.toString('base64');
}

/** An event as it is sent when no limit is set. */
export function serialiseEvent(event: PostHogEvent): Buffer | undefined {
  const pieces = stringifyEvent(event);
  return pieces && encodePieces(pieces, Number.POSITIVE_INFINITY)?.bytes;
}
