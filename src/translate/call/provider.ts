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
    xai: 'x_ai',
    mistral: 'mistral_ai',
    mistralai: 'mistral_ai',
    watsonx: 'ibm.watsonx.ai',
    moonshot: 'moonshot_ai',
    moonshotai: 'moonshot_ai',
    togetherai: 'together',
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
  'unknown',
]);

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
  ['us.anthropic.', 'aws.bedrock'],
  ['eu.anthropic.', 'aws.bedrock'],
  ['anthropic.claude', 'aws.bedrock'],
  ['amazon.', 'aws.bedrock'],
];

/**
 * The provider by its registry name.
 * @param provider as recorded; a framework's name counts as absent
 * @param model used when the provider is absent: `openai/gpt-4o` or a vendor's well-known model name
 */
export function foldProvider(provider: string | undefined, model: string | undefined): string | undefined {
  const word = provider?.trim().toLowerCase();
  if (word !== undefined && word !== '' && !FRAMEWORKS.has(word)) return fold(word);
  return providerOfModel(model);
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
