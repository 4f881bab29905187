/** JSON in colours. Made of text nodes, so nothing in it is ever taken for markup. */
export function JsonView({ value }: { readonly value: unknown }) {
  return (
    <pre class="json">
      <code>
        {tokens(JSON.stringify(value, undefined, 2) ?? '').map(([type, text], index) =>
          type === undefined ? (
            text
          ) : (
            <span key={index} class={type}>
              {text}
            </span>
          ),
        )}
      </code>
    </pre>
  );
}

/** A text and the colon after it is a name; then texts, numbers, words. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;

/** Larger texts are shown without colours, since each colour is an element. */
const MAX_COLOURED = 200_000;

export function tokens(json: string): readonly (readonly [type: string | undefined, text: string])[] {
  if (json.length > MAX_COLOURED) return [[undefined, json]];
  const found: (readonly [string | undefined, string])[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    if (match.index > end) found.push([undefined, json.slice(end, match.index)]);
    const [whole, text, colon, number] = match;
    if (text !== undefined && colon !== undefined) found.push(['name', text], [undefined, colon]);
    else found.push([text !== undefined ? 'text' : number !== undefined ? 'number' : 'word', whole]);
    end = match.index + whole.length;
  }
  if (end < json.length) found.push([undefined, json.slice(end)]);
  return found;
}
