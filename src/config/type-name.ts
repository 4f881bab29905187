/** `null`, `array` or the `typeof`, for messages that must not quote the value. */
export function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'array' : typeof value;
}
