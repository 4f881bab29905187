/** `text-embedding-3-small`, `amazon.titan-embed-text-v1`, `nomic-embed-text`, `gemini-embedding-001`. */
const EMBEDDING_NAME = /(?:^|[^a-z])embed/i;

/** Whether a model, by its name, answers with vectors. */
export function isEmbeddingModel(model: string | undefined): boolean {
  return model !== undefined && EMBEDDING_NAME.test(model);
}
