import { useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: () => string;
  readonly label: string;
}

const SAID_FOR_MS = 1_500;

export function CopyButton({ text, label }: CopyButtonProps) {
  const [result, setResult] = useState<string>();
  const copy = async (): Promise<void> => {
    setResult((await copyText(text())) ? 'Copied' : 'Not copied');
    setTimeout(() => setResult(undefined), SAID_FOR_MS);
  };
  return (
    <button type="button" class="copy" onClick={copy} aria-live="polite">
      {result ?? label}
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For a page that did not come over HTTPS or from this machine: there browsers have no `navigator.clipboard`. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}
