/**
 * Provider names folded to the values of OpenTelemetry's registry. Keys are lower case; the right side is the value
 * that instrumentations of the newest conventions write.
 */
const FOLDED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'az.ai.openai': 'azure.ai.openai',
    azure: 'azure.ai.openai',
    azure_openai: 'azure.ai.openai',
    'azure-openai': 'azure.ai.openai',
    'az.ai.inference': 'azure.ai.inference',
    aws: 'aws.bedrock',
    bedrock: 'aws.bedrock',
    'amazon-bedrock': 'aws.bedrock',
    amazon_bedrock: 'aws.bedrock',
    aws_bedrock: 'aws.bedrock',
    amazon: 'aws.bedrock',
    gemini: 'gcp.gemini',
    google: 'gcp.gemini',
    google_genai: 'gcp.gemini',
    'google.generative-ai': 'gcp.gemini',
    googleai: 'gcp.gemini',
    'google-gemini': 'gcp.gemini',
    googlegeminiai: 'gcp.gemini',
    google_generative_ai: 'gcp.gemini',
    'gcp.gen_ai': 'gcp.gemini',
    vertex_ai: 'gcp.vertex_ai',
    vertexai: 'gcp.vertex_ai',
    vertex: 'gcp.vertex_ai',
    google_vertexai: 'gcp.vertex_ai',
    'google.vertex': 'gcp.vertex_ai',
    'google.vertex.anthropic': 'gcp.vertex_ai',
    'vertex.anthropic': 'gcp.vertex_ai',
    'bedrock.anthropic': 'aws.bedrock',
    'openai-chat': 'openai',
    'text-completion-openai': 'openai',
    openai_responses: 'openai',
    azure_ai: 'azure.ai.inference',
    'x-ai': 'x_ai',
    'mistral-ai': 'mistral_ai',
    xai: 'x_ai',
    mistral: 'mistral_ai',
    mistralai: 'mistral_ai',
    watsonx: 'ibm.watsonx.ai',
    moonshot: 'moonshot_ai',
    moonshotai: 'moonshot_ai',
    togetherai: 'together',
    together_ai: 'together',
    'together-ai': 'together',
    'together.ai': 'together',
    fireworks_ai: 'fireworks',
    'fireworks-ai': 'fireworks',
    perplexityai: 'perplexity',
    'perplexity-ai': 'perplexity',
    cohere_chat: 'cohere',
    bedrock_converse: 'aws.bedrock',
    'bedrock-converse': 'aws.bedrock',
    anthropic_bedrock: 'aws.bedrock',
    vertex_ai_beta: 'gcp.vertex_ai',
    'vertex-ai': 'gcp.vertex_ai',
    'google-vertex': 'gcp.vertex_ai',
    'google-vertex-anthropic': 'gcp.vertex_ai',
    // LiteLLM's words for models of others on Vertex.
    ...Object.fromEntries(
      ['anthropic', 'llama', 'mistral', 'ai21', 'deepseek', 'language', 'chat', 'embedding'].flatMap(
        (family) => [
          [`vertex_ai-${family}_models`, 'gcp.vertex_ai'],
          [`vertex_ai-${family}-models`, 'gcp.vertex_ai'],
        ],
      ),
    ),
    'google-gla': 'gcp.gemini',
    google_ai: 'gcp.gemini',
    'google-ai-studio': 'gcp.gemini',
    google_ai_studio: 'gcp.gemini',
    'google-genai': 'gcp.gemini',
    azureopenai: 'azure.ai.openai',
    openai_chat: 'openai',
    'openai-responses': 'openai',
  }),
);

/** Frameworks that write their own name where the model vendor belongs. */
const FRAMEWORKS: ReadonlySet<string> = new Set([
  'strands-agents',
  'gcp.vertex.agent',
  'microsoft.agent_framework',
  'autogen',
  'crewai',
  'langchain',
  'langgraph',
  'llamaindex',
  'llama_index',
  'mastra',
  'agent_framework',
  'pydantic-ai',
  'haystack',
  'spring_ai',
  'spring-ai',
  'koog',
  'langchain4j',
  'litellm',
  'agno',
  'smolagents',
  'voltagent',
  'pipecat',
  'livekit',
  'semantic_kernel',
  'microsoft.semantic_kernel',
  'openai_agents',
  'unknown',
]);

/** Providers by the host that was asked; of an address that is no provider's own, nothing follows. */
const HOSTS: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(?:^|\.)openai\.azure\.com$/, 'azure.ai.openai'],
  [/(?:^|\.)openai\.com$/, 'openai'],
  [/(?:^|\.)anthropic\.com$/, 'anthropic'],
  [/^generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/aiplatform\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/^bedrock.*\.amazonaws\.com$/, 'aws.bedrock'],
  [/(?:^|\.)openrouter\.ai$/, 'openrouter'],
  [/(?:^|\.)mistral\.ai$/, 'mistral_ai'],
  [/(?:^|\.)groq\.com$/, 'groq'],
  [/(?:^|\.)deepseek\.com$/, 'deepseek'],
  [/^api\.x\.ai$/, 'x_ai'],
  [/(?:^|\.)cohere\.(?:ai|com)$/, 'cohere'],
  [/(?:^|\.)perplexity\.ai$/, 'perplexity'],
  [/(?:^|\.)moonshot\.(?:ai|cn)$/, 'moonshot_ai'],
  [/(?:^|\.)fireworks\.ai$/, 'fireworks'],
  [/(?:^|\.)together\.(?:ai|xyz)$/, 'together'],
  [/(?:^|\.)cerebras\.ai$/, 'cerebras'],
];

/** Endings by which the AI SDK names an API of a provider (`openai.chat`, `google.vertex.chat`). */
const API_ENDING =
  /\.(?:chat|chat-completions|responses|completion|completions|embedding|embeddings|messages|image|speech|transcription|text-embedding)$/;

/** Vendors that a model name gives away, by how it begins. */
const MODEL_PREFIXES: readonly (readonly [prefix: string, provider: string])[] = [
  ['claude', 'anthropic'],
  ['gpt-', 'openai'],
  ['chatgpt', 'openai'],
  ['o1', 'openai'],
  ['o3', 'openai'],
  ['o4', 'openai'],
  ['text-embedding-3', 'openai'],
  ['text-embedding-ada', 'openai'],
  ['gemini', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['codestral', 'mistral_ai'],
  ['command', 'cohere'],
  ['deepseek', 'deepseek'],
  ['grok', 'x_ai'],
  ['sonar', 'perplexity'],
  // Bedrock's inference profiles, by which PostHog finds the prices of a region.
  ...['us', 'eu', 'apac', 'global', 'jp', 'au'].flatMap((region) =>
    ['anthropic', 'amazon', 'meta'].map((owner) => [`${region}.${owner}.`, 'aws.bedrock'] as const),
  ),
  ['arn:aws:bedrock:', 'aws.bedrock'],
  ['anthropic.claude', 'aws.bedrock'],
  ['amazon.', 'aws.bedrock'],
];

/**
 * The provider by its registry name.
 * @param provider as recorded; a framework's name counts as absent
 * @param model used when the provider is absent: `openai/gpt-4o` or a vendor's well-known model name
 */
export function foldProvider(provider: string | undefined, model: string | undefined): string | undefined {
  // Some emitters write the name as JSON text.
  const word = provider?.replace(/^[\s"']+|[\s"']+$/g, '').toLowerCase();
  if (word !== undefined && word !== '' && !FRAMEWORKS.has(word)) {
    const host = hostIn(word);
    const known = host === undefined ? fold(word) : HOSTS.find(([pattern]) => pattern.test(host))?.[1];
    if (known !== undefined) return known;
  }
  return providerOfModel(model);
}

/** Those who pass on the models of others, whose names for them begin with the owner. */
const ROUTERS: ReadonlySet<string> = new Set([
  'openrouter',
  'gateway',
  'vercel',
  'cloudflare',
  'portkey',
  'kilo',
]);

/**
 * The model by the name that its provider has for it, which is the key of PostHog's prices: `gpt-4o` for `openai/gpt-4o`
 * where OpenAI served it. The names of routers, and of models that others serve (`meta-llama/…`), stay.
 * @param provider by its registry name
 */
export function withoutVendor(model: string | undefined, provider: string | undefined): string | undefined {
  const slash = model?.indexOf('/') ?? -1;
  if (model === undefined || provider === undefined || slash <= 0 || ROUTERS.has(provider)) return model;
  const rest = model.slice(slash + 1);
  const owner = model.slice(0, slash).toLowerCase();
  if (owner === 'models' && rest !== '') return rest;
  // Open weights are named alike on every server (`Qwen/Qwen3-8B`); a vendor's own service writes small letters.
  return fold(owner) === provider && /^[a-z0-9][a-z0-9.:@_-]*$/.test(rest) && !OPEN_WEIGHTS.test(owner)
    ? rest
    : model;
}

/** Owners of models that are mostly served by others. */
const OPEN_WEIGHTS = /^(?:meta-llama|qwen|deepseek-ai|nousresearch|microsoft|nvidia|huggingface)$/;

/** The host of an address; `undefined` for a word that is no address. */
function hostIn(word: string): string | undefined {
  const address = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d+)?(?:\/.*)?$/.exec(word);
  const host = address?.[1];
  if (host === undefined) return undefined;
  const isAddress =
    word.includes('://') || /:\d+$/.test(word) || /^(?:localhost|\d+(?:\.\d+){3})$/.test(host);
  return isAddress || HOSTS.some(([pattern]) => pattern.test(host)) ? host : undefined;
}

function fold(word: string): string {
  const known = FOLDED.get(word);
  if (known !== undefined) return known;
  const stem = word.replace(API_ENDING, '');
  return FOLDED.get(stem) ?? stem;
}

function providerOfModel(model: string | undefined): string | undefined {
  const name = model?.trim().toLowerCase();
  if (!name) return undefined;
  const slash = name.indexOf('/');
  if (slash > 0) {
    const owner = name.slice(0, slash);
    return /^[a-z][a-z0-9_-]*$/.test(owner) && owner !== 'models'
      ? fold(owner)
      : providerOfModel(name.slice(slash + 1));
  }
  return MODEL_PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** Providers that are written as they are named here. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(
  `openai anthropic cohere groq deepseek perplexity openrouter fireworks fireworks-ai together ollama cerebras huggingface
   replicate nvidia nebius novita sambanova databricks ai21 voyage jina x_ai mistral_ai moonshot_ai vllm lmstudio
   alibaba qwen zhipu minimax baidu`.split(/\s+/),
);

/** Whether a word is the name of a provider in any spelling; in names of attributes that may mean other providers. */
export function isKnownProvider(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 64) return false;
  const word = value.trim().toLowerCase().replace(API_ENDING, '');
  return FOLDED.has(word) || PLAIN_NAMES.has(word) || PLAIN_NAMES.has(fold(word));
}
