/** What follows the number of a failed request: nothing that makes it a count of something. */
const STATUS = '([45]\\d\\d)';

/**
 * How providers' SDKs write the status of a failed request into their messages, with one that writes it so. Each is
 * anchored by what stands before it, so that no number of a sentence is taken.
 */
const WORDINGS: readonly RegExp[] = [
  // `429 Rate limit…` (JS openai, anthropic), `429: …` (openai-java), `429 - {…` (Spring AI), also after class names:
  // `com.google.genai.errors.ClientException: 429 Too Many…`, `RESOURCE_EXHAUSTED: 429 …` (Genkit).
  new RegExp(`^(?:[A-Za-z_$][\\w.$]{0,127}: ){0,3}${STATUS}(?: - |: | (?=\\S)|$)`),
  // `Error code: 429 - {…}` (Python openai, anthropic, groq, together), also within a wrapping message or `repr`.
  new RegExp(`\\berror code: ${STATUS}\\b`, 'i'),
  // `Error 429, Message:` (Go genai), `API Error: 400 …` (Claude Agent SDK).
  new RegExp(`\\b(?:API )?Error:? ${STATUS}(?:, Message\\b| \\S)`),
  // `status_code: 429, …` (Pydantic AI, Cohere), `Status code: 429` (Fern), `Status code 429, "{…` (Azure),
  // `(Service: BedrockRuntime, Status Code: 429,…)` (AWS), `(status code: 404)` (Ollama), `with status code 429` (axios),
  // `…httpCode=429` (Koog), `statusCode=429`.
  new RegExp(`\\b(?:status[ _]?code|http_?code|http_?status)["']?\\s?[:= ]\\s?["']?${STATUS}\\b`, 'i'),
  // `got status: 429 Too Many…` (VertexAI), `Status 401. Body: {…` (Mistral).
  new RegExp(`\\bgot status: ${STATUS}\\b`),
  new RegExp(`\\bStatus ${STATUS}\\. Body\\b`),
  // `POST "https://…": 429 Too Many Requests {…}` (openai-go and its kin).
  new RegExp(`"https?://[^"\\s]{1,2000}": ${STATUS} `),
  // `HTTP 429 - …` (Ax), `HTTP/1.1 429 …`.
  new RegExp(`\\bHTTP(?:/\\d(?:\\.\\d)?)? ${STATUS}\\b`),
  // `Client error '429 Too Many Requests' for url …` (httpx).
  new RegExp(`\\b(?:Client|Server) error '${STATUS} `),
  // `{"error":{"code":429,…` (Google), `{'error': {'status': 429` and other bodies as JSON or `repr`.
  new RegExp(`[{,]\\s?["'](?:code|status|status_code|statusCode)["']\\s?:\\s?["']?${STATUS}\\b`),
];

/** The status stands near the beginning, before the body that was answered. */
const LOOKED_AT = 4_000;

/** HTTP status of a failed request in an error message, `undefined` where no known wording gives it. */
export function statusInText(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, LOOKED_AT);
  for (const wording of WORDINGS) {
    const status = wording.exec(text)?.[1];
    if (status !== undefined) return Number(status);
  }
  return statusOfClass(/\bAn error occurred \((\w{1,80})\)/.exec(text)?.[1]);
}

/** Classes and codes of providers' SDKs that stand for one status. Those for several (`InternalServerError`) are not here. */
const CLASSES: readonly (readonly [name: RegExp, status: number])[] = [
  [
    /^(?:RateLimit\w*|Throttl\w+|TooManyRequests\w*|ResourceExhausted|RESOURCE_EXHAUSTED|rate_limit_\w+)$/,
    429,
  ],
  [
    /^(?:Authentication(?:Error|Exception)|Unauthorized\w*|Unauthenticated|UNAUTHENTICATED|authentication_error)$/,
    401,
  ],
  [/^(?:PermissionDenied\w*|AccessDenied\w*|Forbidden\w*|PERMISSION_DENIED|permission_error)$/, 403],
  [/^(?:NotFound(?:Error|Exception)?|ResourceNotFoundException|not_found_error)$/, 404],
  [/^(?:BadRequest(?:Error|Exception)?|InvalidRequestError|ValidationException|invalid_request_error)$/, 400],
  [/^(?:UnprocessableEntity\w*)$/, 422],
  [/^(?:Overloaded(?:Error|Exception)?|overloaded_error)$/, 529],
  [/^(?:ServiceUnavailable\w*)$/, 503],
];

/** The status that a class of errors stands for, by the last segment of its name. */
export function statusOfClass(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 256) return undefined;
  const name = value.slice(value.lastIndexOf('.') + 1);
  return CLASSES.find(([pattern]) => pattern.test(name))?.[1];
}
