/** What `demo --client` takes: clients that the demo has a program for, or its own stand-in for one. */
export const CLIENT_NAMES = ['openai', 'anthropic', 'ai', 'none'] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];
