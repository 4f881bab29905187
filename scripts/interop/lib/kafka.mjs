import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { freePorts, has, listensOn, start, stop, until } from './processes.mjs';

const POM = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));

/** What Kafka needs and this machine does not have. */
export function missingForKafka() {
  return has('mvn', '-v') && has('java', '-version') ? undefined : 'mvn and java';
}

/**
 * A broker of Kafka on loopback, one node that is its own controller, from the Maven repository. Its data stays in the folder,
 * so that it can be killed and started again.
 */
export async function createKafka(folder) {
  const [port, controller] = await freePorts(2);
  const classPath = join(jars(), '*');
  const settings = join(folder, 'server.properties');
  const java = (heap, ...args) => [
    '-cp',
    classPath,
    heap,
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    ...args,
  ];
  writeFileSync(settings, propertiesOf(port, controller, join(folder, 'kafka-data')));
  const id = randomBytes(16).toString('base64url').replaceAll(/[-_]/g, 'x');
  execFileSync(
    'java',
    java('-Xmx128m', 'kafka.tools.StorageTool', 'format', '--standalone', '-t', id, '-c', settings),
    {
      stdio: 'pipe',
    },
  );
  let running;
  return {
    address: `127.0.0.1:${port}`,
    async start() {
      running = start('java', java('-Xmx384m', 'kafka.Kafka', settings));
      if (!(await until(() => listensOn(port), 90_000)))
        throw new Error(`Kafka: ${running.lines.slice(-5).join('\n')}`);
    },
    async restart(signal) {
      await stop(running, signal);
      await this.start();
    },
    stop: () => stop(running),
    createTopics(names, partitions) {
      for (const name of names) {
        const topic = [
          '--create',
          '--topic',
          name,
          '--partitions',
          String(partitions),
          '--replication-factor',
          '1',
        ];
        const args = [
          'org.apache.kafka.tools.TopicCommand',
          '--bootstrap-server',
          `127.0.0.1:${port}`,
          ...topic,
        ];
        execFileSync('java', java('-Xmx128m', ...args), { stdio: 'pipe' });
      }
    },
  };
}

function jars() {
  const hash = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const folder = cacheFolder(`kafka-${hash}`);
  const done = join(folder, '.done');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  cpSync(POM, join(folder, 'pom.xml'));
  execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], {
    cwd: folder,
    stdio: 'pipe',
  });
  writeFileSync(done, '');
  return folder;
}

function propertiesOf(port, controller, data) {
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
message.max.bytes=16777216
replica.fetch.max.bytes=16777216
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`;
}
