import { type Json, list, record } from './plant-values.ts';

/** Ways to write a message so that little understands it; the secret is one word within. */
export const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  prose: (secret) => `Please tell me of ${secret} and the rest of it`,
  Chinese: (secret) => `请告诉我${secret}的检查结果和住址`,
  Thai: (secret) => `ช่วยบอกผลตรวจของ${secret}ให้หน่อยนะครับ`,
  'JSON that was cut off': (secret) => `[{"role":"user","content":"please tell me of ${secret} and the r`,
  'a tool that was cut off': (secret) =>
    `[{"type":"function","function":{"name":"find","description":"Finds what ${secret} did`,
  'JSON with escapes': (secret) =>
    JSON.stringify([{ role: 'user', content: `please tell\n\tme of ${secret} "now"` }]).replaceAll(
      'S',
      String.raw`\u0053`,
    ),
  'Python, cut off': (secret) => `[{'role': 'user', 'content': 'please tell me of ${secret} and`,
  'text with brackets': (secret) => `[note] {please} tell me of ${secret}, (now)`,
};

/** What decides whether a span is one of AI, and whose it is: of these the values stay. */
const KEPT =
  /(?:^|[._:])(?:operation|operationId|operation_name|operation\.name|kind|type|subtype|span_type|streaming|run_type|event\.name)$|(?:user|session|chat|thread|conversation|group|trace|span|parent|run|request|response|call|customer|tool_call|toolCall)[._]?(?:id|Id|identifier)$|^service\.|^openinference\.|(?:^|[._])user$|^session_id$/;

/** A copy of an OTLP/JSON document in which every text is the message: names, attributes, events, links, errors, keys. */
export function plantForms(document: unknown, message: string): unknown {
  const copy = structuredClone(document) as Json;
  let planted = 0;
  for (const holder of [...list(copy.resourceSpans), ...list(copy.resourceLogs)]) {
    for (const scope of [...list(holder.scopeSpans), ...list(holder.scopeLogs)]) {
      for (const item of [...list(scope.spans), ...list(scope.logRecords)]) plantInItem(item);
    }
  }
  return copy;

  function plantInItem(item: Json): void {
    plantInAttributes(item);
    for (const part of [...list(item.events), ...list(item.links)]) plantInAttributes(part);
    if (item.body !== undefined) item.body = replaced(item.body);
    if (record(item.status)) item.status = { ...record(item.status), message };
    planted += 1;
    // Other parts of the same message, as applications name traces and spans.
    if (item.name !== undefined)
      item.name = [item.name, message, message.toUpperCase(), `chat ${message}`][planted % 4];
    const given = [
      ['langfuse.trace.name', message.slice(0, Math.max(message.indexOf('SECRET') + 12, 30))],
      [`langfuse.observation.metadata.${message}`, 'x'],
      ['ai.telemetry.metadata.anything', message],
      ['gen_ai.agent.name', message],
      ['gen_ai.tool.name', message],
      ['gen_ai.conversation.summary.newest', message],
      ['trace.metadata.question', message],
    ];
    if (item.spanId !== undefined && item.startTimeUnixNano !== undefined) {
      const pairs = given.map(([key, stringValue]) => ({ key, value: { stringValue } }));
      item.attributes = [...list(item.attributes), ...pairs];
    }
  }

  function plantInAttributes(holder: Json): void {
    for (const pair of list(holder.attributes)) {
      if (!KEPT.test(String(pair.key))) pair.value = replaced(pair.value);
    }
  }

  function replaced(value: unknown): unknown {
    const any = record(value);
    if (typeof any?.stringValue === 'string') return { stringValue: message };
    if (any?.arrayValue === undefined) return value;
    return { arrayValue: { values: list(record(any.arrayValue)?.values).map(replaced) } };
  }
}
