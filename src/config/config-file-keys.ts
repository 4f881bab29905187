/** What a destination of a configuration file has beside the options. */
export const DESTINATION_KEYS: Readonly<Record<string, string>> = {
  name: 'Name of the destination, by which the option "destination" and messages call it.',
};

/** Keys of a file that only the gateway has a use for. */
export const GATEWAY_KEYS: Readonly<Record<string, string>> = {
  listen: 'Addresses on which the gateway takes spans.',
  senders: 'Who may send to the gateway.',
  acknowledge: 'When the gateway answers.',
  limits: 'Bounds of memory of the gateway.',
  startup: 'Whether the gateway tests its destinations when it starts.',
  openrouter: 'How the gateway takes OpenRouter Broadcast.',
  page: 'The page of the gateway.',
};

/** Keys of a destination that only the gateway has a use for. */
export const GATEWAY_DESTINATION_KEYS: Readonly<Record<string, string>> = {
  senders: 'Names of the senders whose spans go to this destination.',
  apiKeyNames: 'Names of OpenRouter keys whose calls go to this destination.',
};
