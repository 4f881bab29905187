import type { RecentCall } from '../../observe/recent-calls.ts';
import { type Api, ApiError } from './api.ts';

export type StreamState = 'connecting' | 'live' | 'interrupted';

export interface StreamListener {
  /** The whole list, at the start and after every interruption. */
  onList(calls: readonly RecentCall[]): void;
  onCall(call: RecentCall): void;
  onState(state: StreamState): void;
  /** The token is missing or wrong. */
  onRefused(message: string): void;
}

const RECONNECT_MS = 1_500;

/**
 * Follows the calls, over interruptions, until the signal is aborted. By `fetch`, since `EventSource` can send no token in
 * a header.
 */
export async function followCalls(api: Api, listener: StreamListener, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      listener.onState('connecting');
      // First the stream, then the list: nothing that comes between the two is missed.
      const body = await api.stream(signal);
      listener.onList(await api.calls());
      listener.onState('live');
      for await (const data of serverSentEvents(body)) listener.onCall(JSON.parse(data) as RecentCall);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        listener.onRefused(error.message);
        return;
      }
    }
    if (signal.aborted) return;
    listener.onState('interrupted');
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

/** The `data` of each event of a `text/event-stream`; comments and names of events are passed over. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice('data: '.length));
        if (data.length > 0) yield data.join('\n');
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
