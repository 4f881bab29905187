import { madeOnce } from '../../json/memory/made-once.ts';
import { contentAttributes } from './content-attributes.ts';
import type { ContentRow } from './content-row.ts';

const OF_PROPERTIES: readonly ContentRow[] = [
  {
    names: ['$ai_input'],
    kind: 'input',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Prompt: system text, messages, tool calls and results, media; on embeddings the texts embedded',
  },
  {
    names: ['$ai_output_choices', '$ai_output'],
    kind: 'output',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Completion: messages, reasoning, tool calls with their arguments, media',
  },
  {
    names: ['$ai_prompt_template', '$ai_prompt_variables'],
    kind: 'input',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Prompt before its variables were filled in, and their values',
  },
  {
    names: ['$ai_input_state'],
    kind: 'input_state',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'What went into a tool, agent, chain or retrieval: arguments, queries, documents',
  },
  {
    names: ['$ai_output_state'],
    kind: 'output_state',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'What came out of it: results, answers, documents found',
  },
  {
    names: ['$ai_tools'],
    kind: 'tools',
    byDefault: 'filtered',
    inPrivacyMode: 'names only',
    holds: 'Tools offered to the model: names, descriptions, schemas',
  },
  {
    names: ['$ai_model_parameters'],
    kind: 'parameters',
    byDefault: 'filtered',
    inPrivacyMode: 'known settings',
    holds: 'Settings of the call, among them stop sequences, schemas and whatever else a provider takes',
  },
  {
    names: ['$ai_error', '$ai_error_normalized'],
    kind: 'error',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Error text, which often quotes the prompt',
  },
  {
    names: ['$ai_error_type'],
    kind: 'error',
    byDefault: 'sent',
    inPrivacyMode: 'single word',
    holds: 'Class or code of the error',
  },
  {
    names: ['$ai_evaluation_reasoning'],
    kind: 'evaluation',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'Why an evaluation came out as it did',
  },
  {
    names: ['$ai_evaluation_result'],
    kind: 'evaluation',
    byDefault: 'sent',
    inPrivacyMode: 'single word',
    holds: 'Outcome of an evaluation: a number, a flag or a label',
  },
  {
    names: ['$ai_feedback_text'],
    kind: 'feedback',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'What a user wrote about an answer',
  },
  {
    names: ['$ai_metric_value'],
    kind: 'feedback',
    byDefault: 'sent',
    inPrivacyMode: 'single word',
    holds: 'Value of a metric, which may be a text',
  },
  {
    names: ['$ai_provider_metadata'],
    kind: 'output',
    byDefault: 'filtered',
    inPrivacyMode: 'removed',
    holds: 'What a provider adds to an answer: citations, search queries, encrypted reasoning',
  },
  {
    names: ['$ai_span_name', 'trace_name'],
    kind: 'span_name',
    byDefault: 'sent',
    inPrivacyMode: 'name not quoting',
    holds: 'Names of spans and traces; some applications name a trace after the first message',
  },
  {
    names: ['$ai_agent_name', '$ai_prompt_name', '$ai_metric_name', '$ai_evaluation_name'],
    kind: 'span_name',
    byDefault: 'sent',
    inPrivacyMode: 'name not a phrase',
    holds: 'Names of agents, prompts, metrics and evaluations',
  },
  {
    names: ['$ai_model', '$ai_stop_reason', '$ai_completion_id'],
    kind: 'output',
    byDefault: 'sent',
    inPrivacyMode: 'without spaces',
    holds:
      'Model, finish reason and id of the answer, which some instrumentations leave inside the answer only',
  },
  {
    names: [
      ...['$ai_provider', '$ai_service_tier', '$ai_effort', '$ai_prompt_version', '$ai_framework_version'],
      ...['$ai_lib_version'],
    ],
    kind: 'parameters',
    byDefault: 'sent',
    inPrivacyMode: 'without spaces',
    holds: 'Provider, tier, effort and versions, which are single words',
  },
  {
    names: ['$ai_base_url', '$ai_request_url'],
    kind: 'url',
    byDefault: 'url without query',
    inPrivacyMode: 'url without query',
    holds: 'Address of the model provider',
  },
];

/**
 * Every event property that can carry content. Stage, documentation and tests read this one table; a property that is
 * not in it (tokens, cost, model, timing, status, custom metadata) is sent as it is in every mode.
 */
export const contentTable = madeOnce((): readonly ContentRow[] => [...OF_PROPERTIES, ...contentAttributes()]);
