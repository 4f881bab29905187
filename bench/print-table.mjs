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

export function printTable(workload, results) {
  const names = [...results.keys()];
  const measures = [
    ['floor, gzip', 'floor'],
    ['@posthog/ai/otel, gzip', '@posthog/ai/otel'],
  ].flatMap((candidates) => candidates.find((name) => results.has(name)) ?? []);
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
