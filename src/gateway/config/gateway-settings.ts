import type { JsonSchema, ValueRule } from '../../config/option-row.ts';
import { byteCount, flag, milliseconds, oneOf, wholeNumber } from '../../config/option-rules.ts';
import { typeName } from '../../config/type-name.ts';
import { ACKNOWLEDGEMENTS } from '../admit/acknowledge.ts';
import type { ListenAddress } from './gateway-config.ts';

/** A setting of a section of the file. */
export interface SettingRow<Value> {
  /** One sentence for documentation and editors, without full stop. */
  readonly description: string;
  readonly rule: ValueRule<never>;
  readonly fallback: Value;
  /** The default in words, where the fallback does not say it. */
  readonly defaultText?: string;
}

const MIB = 1024 * 1024;

/** Longest wait for log records that leaves time to answer within four seconds. */
export const MAX_WAIT_FOR_LOGS_MS = 3_500;

/**
 * Every setting of the gateway's file that is no option of a destination, by section. The checks, `docs/gateway.md` and
 * the JSON schema follow from it.
 */
export const GATEWAY_SETTINGS = {
  listen: {
    http: row<ListenAddress>(
      'Address of OTLP/HTTP and of OpenRouter',
      addressRule,
      { host: '127.0.0.1', port: 4318 },
      '127.0.0.1:4318',
    ),
    grpc: row<ListenAddress | undefined>(
      'Address of OTLP/gRPC; needs the package @grpc/grpc-js',
      addressRule,
      undefined,
      'not listened on',
    ),
    admin: row<ListenAddress>(
      'Address of health, metrics and the page',
      addressRule,
      { host: '127.0.0.1', port: 4319 },
      '127.0.0.1:4319',
    ),
    maxBodyBytes: row(
      'Largest request, as received and as inflated',
      byteCount(MIB, 1024 * MIB),
      64 * MIB,
      '64 MiB',
    ),
    tls: row<TlsFiles | undefined>(
      'Files of a certificate: certFile, keyFile, and clientCaFile to ask for one of clients; with admin: true, health, metrics and the page come over HTTPS as well',
      tlsRule(),
      undefined,
      'none',
    ),
    corsOrigins: row<readonly string[]>('Exact origins of pages that may send', originsRule(), [], 'none'),
    hosts: row<readonly string[]>(
      'Names by which a gateway on loopback may be called, beside localhost and addresses',
      textsRule('of host names'),
      [],
      'none',
    ),
  },
  limits: {
    maxInFlightBytes: row(
      'Memory for requests and what came of them',
      byteCount(MIB, 64 * 1024 * MIB),
      256 * MIB,
      '256 MiB',
    ),
    maxTraces: row(
      'Traces that each destination remembers, to count once what comes in several requests; as many may come together',
      wholeNumber(2_500, 10_000_000),
      20_000,
    ),
    waitForLogsMs: row(
      'How long spans wait for log records that hold their content',
      milliseconds(0, MAX_WAIT_FOR_LOGS_MS, 0),
      2_000,
    ),
  },
  startup: {
    test: row<'require' | 'warn' | 'off'>(
      'What a wrong key or endpoint means at the start; an outage never stops it',
      oneOf(['require', 'warn', 'off']),
      'warn',
    ),
  },
  openrouter: {
    countFrom: row<'both' | 'broadcast' | 'application'>(
      'Who tells of calls that an application makes through OpenRouter, when Broadcast and the application both do',
      oneOf(['both', 'broadcast', 'application']),
      'both',
    ),
    testSpans: row<'drop' | 'forward'>(
      "Whether OpenRouter's own test of a destination makes events",
      oneOf(['drop', 'forward']),
      'drop',
    ),
  },
  page: {
    content: row('Whether the page shows prompts and answers', flag(), false),
    token: row<string | undefined>(
      'Token that the page asks for; without one it is shown on loopback only',
      textRule(),
      undefined,
      'none',
    ),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, SettingRow<unknown>>>>>;

/** When a positive answer is given; stands at the top of the file, beside the sections. */
export const ACKNOWLEDGE_RULE = oneOf(ACKNOWLEDGEMENTS);

export type GatewaySection = keyof typeof GATEWAY_SETTINGS;

/** The values of a section in force. */
export type SectionValues<Section extends GatewaySection> = {
  readonly [Name in keyof (typeof GATEWAY_SETTINGS)[Section]]: (typeof GATEWAY_SETTINGS)[Section][Name] extends SettingRow<
    infer Value
  >
    ? Value
    : never;
};

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile?: string;
  /** The admin address serves HTTPS as well. */
  readonly admin?: boolean;
}

function row<Value>(
  description: string,
  rule: ValueRule<never> | (() => ValueRule<never>),
  fallback: Value,
  defaultText?: string,
): SettingRow<Value> {
  const given = typeof rule === 'function' ? rule() : rule;
  return { description, rule: given, fallback, ...(defaultText === undefined ? {} : { defaultText }) };
}

/** `host:port`, `[::1]:port`. */
function addressRule(): ValueRule<never> {
  return {
    type: 'host:port',
    schema: { type: 'string', pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^\\s:\\[\\]]+):[0-9]{1,5}$' },
    flaw: (value) => (isAddress(value) ? undefined : 'must be an address such as 127.0.0.1:4318'),
    fromFile: (value) => (typeof value === 'string' ? (parseAddress(value) ?? value) : value),
  };
}

function isAddress(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'port' in value;
}

function parseAddress(text: string): ListenAddress | undefined {
  const [, inBrackets, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text.trim()) ?? [];
  const host = inBrackets ?? plain;
  const port = Number(digits);
  return host !== undefined && port <= 65_535 ? { host, port } : undefined;
}

function tlsRule(): ValueRule<never> {
  const file: JsonSchema = { type: 'string', minLength: 1 };
  return {
    type: '{ certFile, keyFile, clientCaFile, admin }',
    schema: {
      type: 'object',
      required: ['certFile', 'keyFile'],
      additionalProperties: false,
      properties: { certFile: file, keyFile: file, clientCaFile: file, admin: { type: 'boolean' } },
    },
    flaw: (value) => {
      if (typeof value !== 'object' || value === null) return `must be an object, not ${typeName(value)}`;
      const { admin, ...files } = value as Partial<Record<string, unknown>>;
      const names = Object.keys(files);
      const unknown = names.find((name) => !['certFile', 'keyFile', 'clientCaFile'].includes(name));
      if (unknown !== undefined) return `has no setting ${JSON.stringify(unknown)}`;
      if (!names.includes('certFile') || !names.includes('keyFile'))
        return 'must name a certFile and a keyFile';
      if (admin !== undefined && typeof admin !== 'boolean') return '"admin" must be true or false';
      return Object.values(files).every((path) => typeof path === 'string') ? undefined : 'must hold paths';
    },
  };
}

function textRule(): ValueRule<never> {
  return {
    type: 'string',
    schema: { type: 'string', minLength: 1 },
    flaw: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text'),
  };
}

function textsRule(words: string): ValueRule<never> {
  return {
    type: 'string[]',
    schema: { type: 'array', items: { type: 'string', minLength: 1 } },
    flaw: (value) => (isTexts(value) ? undefined : `must be a list ${words}`),
  };
}

function originsRule(): ValueRule<never> {
  const rule = textsRule('of origins');
  return {
    ...rule,
    flaw: (value, source) =>
      rule.flaw(value, source) ??
      ((value as readonly string[]).every(
        (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
      )
        ? undefined
        : 'must be a list of exact origins, such as https://app.example.com'),
  };
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
