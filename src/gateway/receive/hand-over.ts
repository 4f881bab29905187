import { decodeLogs, decodeSpans } from './decode-request.ts';
import type { Intake, RequestInfo } from './intake.ts';
import type { OtlpEncoding, OtlpSignal, Refusal } from './otlp-answer.ts';

/** What came with one request. */
export interface ReceivedBody {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  readonly body: Buffer;
}

/**
 * Decodes a body and hands what it holds to the intake, which gives back the memory of the request once it has done with
 * it; where nothing is handed over, the memory is given back here. Never rejects.
 * @returns how many items could not be used, or why nothing was taken
 */
export async function handOver(
  { signal, encoding, body }: ReceivedBody,
  info: RequestInfo,
  intake: Intake,
): Promise<{ readonly rejected: number } | Refusal> {
  switch (signal) {
    case 'metrics':
      intake.countMetrics(info);
      info.release();
      return { rejected: 0 };
    case 'logs': {
      const decoded = await decodeLogs(encoding, body);
      if ('reason' in decoded) return released(decoded, info);
      return (await intake.takeLogs(decoded.records, info)) ?? { rejected: 0 };
    }
    case 'traces': {
      const decoded = await decodeSpans(encoding, body);
      if ('reason' in decoded) return released(decoded, info);
      return (await intake.takeSpans(decoded, info)) ?? { rejected: decoded.unreadable };
    }
  }
}

function released(refusal: Refusal, info: RequestInfo): Refusal {
  info.release();
  return refusal;
}
