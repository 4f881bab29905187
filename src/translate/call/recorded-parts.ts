import type { RecordedObject } from '../../json/recorded-object.ts';
import type { RecordedText } from '../../json/recorded-text.ts';
import type { Part } from './messages.ts';

/** A part whose text was not decoded. `text` reads like that of any other part. */
export class RecordedTextPart<Type extends 'text' | 'reasoning'> {
  readonly type: Type;
  readonly recorded: RecordedText;

  constructor(type: Type, recorded: RecordedText) {
    this.type = type;
    this.recorded = recorded;
  }

  get text(): string {
    return this.recorded.text;
  }
}

/** A tool's answer that was not decoded. `result` reads like that of any other part. */
export class RecordedResultPart {
  readonly type = 'tool_result';
  declare readonly id?: string;
  declare readonly name?: string;
  declare readonly isError?: boolean;
  readonly recorded: RecordedText;

  constructor(id: string | undefined, recorded: RecordedText, name?: string, isError = false) {
    this.recorded = recorded;
    if (id !== undefined) this.id = id;
    if (name !== undefined) this.name = name;
    if (isError) this.isError = true;
  }

  get result(): string {
    return this.recorded.text;
  }
}

/** A tool call whose arguments were not decoded. `arguments` read like those of any other part. */
export class RecordedToolCallPart {
  readonly type = 'tool_call';
  readonly id: string;
  readonly name: string;
  readonly recorded: RecordedText | RecordedObject;

  constructor(id: string, name: string, recorded: RecordedText | RecordedObject) {
    this.id = id;
    this.name = name;
    this.recorded = recorded;
  }

  get arguments(): unknown {
    return this.recorded.toJSON();
  }
}

/** The arguments of a call as they were recorded, `undefined` for a part that holds them itself. */
export function recordedArguments(part: Part): RecordedText | RecordedObject | undefined {
  return part instanceof RecordedToolCallPart ? part.recorded : undefined;
}

/** The text of a part as it was recorded, `undefined` for a part that holds its text itself. */
export function recordedIn(part: Part): RecordedText | undefined {
  return part instanceof RecordedTextPart || part instanceof RecordedResultPart ? part.recorded : undefined;
}
