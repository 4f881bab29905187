import { isInRange } from '../../register/version-range.ts';
import type { AppFindings } from '../init/look-at-app.ts';
import type { ClientName } from './client-names.ts';
import { CLIENT_PROGRAMS, type ClientProgram } from './client-programs.ts';

/** A client among the dependencies of an application that the demo can run. */
export interface FoundClient {
  readonly program: ClientProgram;
  readonly version: string;
}

/** In the order of the application's libraries; one for each client. */
export function findClients(app: AppFindings): readonly FoundClient[] {
  return app.clients.flatMap(({ name, version }): readonly FoundClient[] => {
    if (version === undefined) return [];
    const program = CLIENT_PROGRAMS.find(
      ({ client, takes, imports }) =>
        client === name &&
        (takes === undefined || isInRange(version, takes)) &&
        Object.keys(imports).every(app.isInstalled),
    );
    return program ? [{ program, version }] : [];
  });
}

/** Why a client that was asked for is not among those found. */
export function whyNotFound(name: ClientName, folder: string): string {
  const programs = CLIENT_PROGRAMS.filter((program) => program.name === name);
  const [first] = programs;
  const versions = first?.takes === undefined ? '' : ` ${first.takes}`;
  const others = programs.flatMap(({ client, imports }) =>
    Object.keys(imports).filter((other) => other !== client),
  );
  const beside = others.length > 0 ? ` and ${others.join(' or ')}` : '';
  return `${first?.client}${versions}${beside} must be installed and among the dependencies in ${folder}/package.json.`;
}
