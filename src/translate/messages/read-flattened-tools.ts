import type { ToolDefinition } from '../call/messages.ts';
import { neverThrow } from '../span/never-throw.ts';
import { listAt, treeOf, valueAt } from './flattened-tree.ts';
import { readToolDefinitions } from './read-tool-definitions.ts';

/**
 * Tool definitions from flattened attributes: `N.tool.json_schema` of OpenInference (after `llm.tools.`), and
 * `N.name`, `N.description`, `N.parameters` or `N.arguments` of Traceloop (after `llm.request.functions.`).
 */
export function readFlattenedTools(
  entries: ReadonlyArray<readonly [suffix: string, value: unknown]>,
): ToolDefinition[] | undefined {
  return neverThrow(() =>
    readToolDefinitions(
      listAt(treeOf(entries)).map(
        (entry) =>
          valueAt(entry, 'tool', 'json_schema') ?? {
            name: valueAt(entry, 'name') ?? valueAt(entry, 'tool', 'name'),
            description: valueAt(entry, 'description') ?? valueAt(entry, 'tool', 'description'),
            parameters: valueAt(entry, 'parameters') ?? valueAt(entry, 'arguments'),
          },
      ),
    ),
  );
}
