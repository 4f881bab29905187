import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StatefulSet } from 'kubernetes-types/apps/v1.d.ts';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.d.ts';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import { expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readGatewayFile } from '../../src/gateway/config/read-gateway-file.ts';
import { folderOfTest } from '../support/folder-of-test.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples/gateway');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const manifests = parseAllDocuments(read('kubernetes/gateway.yaml'), { uniqueKeys: true }).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS() as Manifest;
});
const all = <Kind>(kind: string) => manifests.filter((each) => each.kind === kind) as unknown as Kind[];

function one<Kind>(kind: string): Kind {
  const [found] = all<Kind>(kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

const sets = () => one<StatefulSet>('StatefulSet');
const podOf = ({ spec }: StatefulSet) => {
  const container = spec?.template.spec?.containers[0];
  if (!spec || !container) throw new Error('no container');
  return { spec, pod: spec.template.spec, container, labels: spec.template.metadata?.labels };
};

/** What the compiler says of objects as values of the API's types, which know every field. */
async function complaintsAbout(documents: readonly Manifest[]): Promise<string> {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.manifests-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines = documents.map(({ apiVersion, kind, ...rest }, index) => {
    const group = apiVersion.includes('/') ? (apiVersion.split('.')[0]?.split('/')[0] ?? '') : 'core';
    const version = apiVersion.split('/').at(-1);
    const type = `import('kubernetes-types/${group}/${version}.d.ts').${kind}`;
    return `export const each${index}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--allowImportingTsExtensions',
    '--types',
    'node',
  ];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return promisify(execFile)(
    process.execPath,
    [tsc, ...flags, '--ignoreConfig', join(folder, 'manifests.ts')],
    {
      cwd: folder,
    },
  ).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

it('the manifests are what the API of Kubernetes takes, field by field', async () => {
  expect(manifests.map(({ kind }) => kind)).toEqual([
    'ConfigMap',
    'StatefulSet',
    'Service',
    'Service',
    'PodDisruptionBudget',
    'NetworkPolicy',
  ]);
  expect(await complaintsAbout(manifests)).toBe('');
  // A field that the API does not know is found.
  const wrong = { ...manifests[2], spec: { slector: {} } } as unknown as Manifest;
  expect(await complaintsAbout([wrong])).toContain('slector');
});

it('what the manifests name is there', () => {
  const { spec, pod, container, labels } = podOf(sets());
  const ports = (container.ports ?? []).map(({ name }) => name);
  const selectors = [
    spec.selector.matchLabels,
    ...all<Service>('Service').map((service) => service.spec?.selector),
    one<NetworkPolicy>('NetworkPolicy').spec?.podSelector?.matchLabels,
  ];
  for (const selector of selectors) expect(labels).toMatchObject(selector ?? {});
  for (const service of all<Service>('Service')) {
    for (const { targetPort } of service.spec?.ports ?? []) expect(ports).toContain(targetPort);
  }
  const services = all<Service>('Service').map(({ metadata }) => metadata?.name);
  expect(services).toContain(spec.serviceName);
  const volumes = [
    ...(pod?.volumes ?? []).map(({ name }) => name),
    ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name),
  ];
  for (const { name } of container.volumeMounts ?? []) expect(volumes).toContain(name);
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  expect(probes.map((probe) => probe?.httpGet?.path)).toEqual(['/healthz', '/healthz', '/readyz']);
  for (const probe of probes) expect(ports).toContain(probe?.httpGet?.port);
  expect(all<ConfigMap>('ConfigMap').map(({ metadata }) => metadata?.name)).toContain(
    pod?.volumes?.[0]?.configMap?.name,
  );
});

it('the pod runs with as few rights as it can, and has the time to end', () => {
  const { pod, container } = podOf(sets());
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(25);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

it.each<[string, () => string]>([
  ['the ConfigMap', () => one<ConfigMap>('ConfigMap').data?.['gateway.yaml'] ?? ''],
  ['docker/gateway.yaml', () => read('docker/gateway.yaml')],
])('%s is a file that the gateway reads, with the ports and folders of the container', (_name, text) => {
  const file = join(folderOfTest(), 'gateway.yaml');
  writeFileSync(file, text(), { mode: 0o600 });
  const env = { POSTHOG_API_KEY: 'phc_0123456789abcdef0123456789abcdef', GATEWAY_KEY: 'key-of-applications' };
  const reading = readGatewayFile(file, { env, loggerFor: () => createRecordingLogger() });
  if (reading.type === 'unusable') throw new Error(reading.messages.join('\n'));
  const { listen, acknowledge, destinations } = reading.config;
  const { container } = podOf(sets());
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  expect([listen.http.port, listen.grpc?.port, listen.admin.port]).toEqual(ports);
  expect(acknowledge).toBe('stored');
  const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  const directory = destinations[0]?.config.spool?.directory ?? '';
  expect(mounts.some((path) => directory.startsWith(path))).toBe(true);
});

it('the image and the compose file agree with each other and with the file of the gateway', () => {
  const dockerfile = read('docker/Dockerfile');
  const instruction = (name: string) =>
    new RegExp(`^${name} (.+)$`, 'm').exec(dockerfile)?.[1] ?? `no ${name}`;
  const command = JSON.parse(instruction('CMD')) as string[];
  const file = command.at(-1) ?? '';
  const compose = parse(read('docker/compose.yaml')) as {
    services: {
      gateway: { volumes: string[]; ports: string[]; stop_grace_period: string; read_only: boolean };
    };
  };
  const { volumes, ports, stop_grace_period, read_only } = compose.services.gateway;
  expect(volumes).toEqual([`./gateway.yaml:${file}:ro`, `spool:${instruction('VOLUME')}`]);
  expect(instruction('EXPOSE').split(' ')).toEqual(ports.map((port) => port.split(':').at(-1)));
  expect({ stop_grace_period, read_only }).toEqual({ stop_grace_period: '30s', read_only: true });
  expect(instruction('USER')).toBe('node');
});
