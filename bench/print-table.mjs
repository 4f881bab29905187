// Figures as a table in Markdown: medians over the rounds, ratios taken within each round.

export const median = (numbers) =>
  [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
const whole = (number) => (Number.isFinite(number) ? Math.round(number).toLocaleString('en') : '-');
const short = (number) => (Number.isFinite(number) ? number.toFixed(number < 10 ? 2 : 1) : '-');

const FIGURES = {
  speed: ({ spans, wallMs }) => (spans / wallMs) * 1000,
  cpu: ({ spans, cpuMs }) => (cpuMs / spans) * 1000,
  main: ({ spans, mainMs }) => (mainMs / spans) * 1000,
};

/** How a contestant does beside another: the median of the ratios of each round. */
function ratio(figure, results, to) {
  return median(results.map((result, round) => FIGURES[figure](result) / FIGURES[figure](to[round])));
}

/** Those that the others are shown beside. */
function measuresOf(results) {
  return [
    ['floor, gzip', 'floor'],
    ['@posthog/ai/otel, gzip', '@posthog/ai/otel'],
  ].flatMap((candidates) => candidates.find((name) => results.has(name)) ?? []);
}

/** As the documentation names them. */
const SHOWN_NAMES = new Map([
  ['exporter', '**exporter**'],
  ['exporter, no gzip', '**exporter**'],
  ['exporter, other build', 'before'],
  ['exporter, other build, no gzip', 'before'],
  ['floor, gzip', 'floor'],
]);

export const MARKDOWN_HEAD = [
  '| Workload | | spans/s | CPU ms/1k | main ms/1k | delay p99/max ms | peak MB | B/span |',
  '| --- | --- | --: | --: | --: | --: | --: | --: |',
];

/** The rows of one workload in the table of the documentation; ratios beside the floor / beside `@posthog/ai/otel`. */
export function markdownRows(workload, results) {
  const measures = measuresOf(results);
  return [...results].map(([name, rounds], index) => {
    const isOurs = SHOWN_NAMES.get(name)?.startsWith('**') ?? false;
    const of = (read) => median(rounds.map(read));
    const cell = (figure, show) => {
      const ratios = measures
        .filter((to) => to !== name)
        .map((to) => `${short(ratio(figure, rounds, results.get(to)))}x`);
      const shown = `${show(of(FIGURES[figure]))}${ratios.length > 0 ? ` (${ratios.join(' / ')})` : ''}`;
      return isOurs && figure === 'speed' ? `**${shown}**` : shown;
    };
    const cells = [
      index === 0 ? `\`${workload}\`` : '',
      SHOWN_NAMES.get(name) ?? (name === 'floor' ? name : `\`${name.replace(', gzip', '')}\``),
      cell('speed', whole),
      cell('cpu', short),
      cell('main', short),
      [1, 2].map((part) => short(of(({ delayMs }) => delayMs[part]))).join(' / '),
      whole(of(({ peakBytes }) => (peakBytes ?? Number.NaN) / 1e6)),
      whole(of(({ bytes, spans }) => bytes / spans)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

export function printTable(workload, results) {
  const names = [...results.keys()];
  const measures = measuresOf(results);
  const titles = [
    '',
    'spans/s',
    'CPU ms/1k',
    'main ms/1k',
    'delay p50/p99/max ms',
    'peak MB',
    'B/span',
    'lost',
  ];
  const rows = names.map((name) => {
    const rounds = results.get(name);
    const of = (read) => median(rounds.map(read));
    const beside = (figure) => {
      const ratios = measures.map((to) =>
        to === name ? '' : `${short(ratio(figure, rounds, results.get(to)))}x`,
      );
      return ratios.some((each) => each !== '') ? ` (${ratios.join(' / ')})` : '';
    };
    return [
      name,
      `${whole(of(FIGURES.speed))}${beside('speed')}`,
      `${short(of(FIGURES.cpu))}${beside('cpu')}`,
      `${short(of(FIGURES.main))}${beside('main')}`,
      [0, 1, 2].map((part) => short(of(({ delayMs }) => delayMs[part]))).join(' / '),
      whole(of(({ peakBytes }) => (peakBytes ?? Number.NaN) / 1e6)),
      whole(of(({ bytes, spans }) => bytes / spans)),
      String(rounds.reduce((sum, { lost }) => sum + lost, 0)),
    ];
  });
  console.log(`\n### ${workload}\n`);
  console.log(
    `| ${titles.join(' | ')} |\n|${titles.map((_, column) => (column === 0 ? ' --- |' : ' --: |')).join('')}`,
  );
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  if (measures.length > 0)
    console.log(`\nIn brackets: beside ${measures.map((name) => `\`${name}\``).join(' / ')}.`);
}
