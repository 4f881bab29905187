interface TokenFormProps {
  /** One was given, and is wrong. */
  readonly hasToken: boolean;
  readonly onToken: (token: string) => void;
}

/** Asks for the token of the setting `page.token`. What is typed stays in this tab. */
export function TokenForm({ hasToken, onToken }: TokenFormProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token');
    if (typeof token === 'string' && token !== '') onToken(token);
  };
  return (
    <main class="centre">
      <form class="card token" onSubmit={submit}>
        <h1>This page needs its token</h1>
        <p>
          It is the value of <code>page.token</code> in the file of the gateway. It is kept until this tab is
          closed.
        </p>
        {hasToken && (
          <p class="problem" role="alert">
            The gateway did not take this token.
          </p>
        )}
        <label>
          Token
          <input name="token" type="password" autocomplete="off" required />
        </label>
        <button type="submit" class="primary">
          Show the page
        </button>
      </form>
    </main>
  );
}
