import { blockedShare, figure, type Plan, percent, type Reckoned, type SitePlan, wayNames } from '#engine/ports';
import { exactTime, localTime } from '../cdr-text.ts';
import { escaped } from '../escaped.ts';
import { bars, columns, line, stackedBars } from './charts.ts';
import { adviceOf, shownValue, tunnelNames } from './text.ts';

/** The plan as one file that needs no other: figures, their arithmetic, and charts. */
export function planHtml(plan: Plan, file: string | undefined, now: number): string {
  const { sites, queues, trunks, whole, doubts, records, planning } = plan;
  const title = file === undefined ? 'Plan' : `Plan by ${file}`;
  const facts: readonly (readonly [string, string])[] = [
    ['Made', exactTime(now)],
    [
      'By',
      records
        ? `${figure(records.calls)} calls from ${localTime(records.from)} to ${localTime(records.to)}`
        : 'users and how much they call',
    ],
    ['May be lost', percent(planning.blocking)],
    ['Growth', percent(planning.growth)],
    [
      'Calls',
      `${planning.codec}, ${planning.ptime} ms a packet${planning.srtp ? ', SRTP' : ''}, ${tunnelNames[planning.tunnel ?? 'none']}`,
    ],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<div class="tiles">${tile(figure(whole.lines), 'lines of one trunk for all')}${tile(`${figure(whole.traffic)} E`, 'in the busy hour')}${tile(`${figure(plan.bandwidth.real[0]!.value / 1000)} Mbit/s`, 'each way at the peak')}${tile(figure(sites.reduce((sum, { users }) => sum + users, 0)), 'users')}</div>
${doubts.length === 0 ? '' : `<section class="doubts"><h2>What does not fit</h2><ul>${doubts.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul></section>`}
<dl>${facts.map(([label, value]) => `<dt>${label}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
<h2>All together</h2>
${rows(whole.reckoned)}
${lossChart(plan)}
${dayChart(plan)}
<h2>Sites</h2>
${siteChart(sites)}
${sites.map(siteHtml).join('\n')}
${queues.map((queue) => `<h3>Queue ${escaped(queue.name)}</h3>${rows(queue.reckoned)}`).join('\n')}
${trunks.length === 0 ? '' : `<h2>Trunks, by the records</h2>${trunks.map(({ name, reckoned }) => `<h3>${escaped(name)}</h3>${rows(reckoned)}`).join('\n')}`}
<h2>Bandwidth</h2>
${rows([plan.bandwidth.sold, ...plan.bandwidth.real])}
${tunnelChart(plan)}
${codecTable(plan)}
</body>
</html>
`;
}

function tile(value: string, what: string): string {
  return `<div><b>${escaped(value)}</b><span>${escaped(what)}</span></div>`;
}

function rows(reckoned: readonly Reckoned[]): string {
  return `<table>${reckoned.map((row) => `<tr><th>${escaped(row.what)}</th><td class="v">${escaped(shownValue(row))}</td><td>${escaped(row.how)}</td></tr>`).join('')}</table>`;
}

function siteHtml(site: SitePlan): string {
  const { ways } = site;
  const advice = adviceOf(site)
    .map(
      ([what, advised, why]) =>
        `<tr><th>${what}</th><td class="v">${escaped(advised)}</td><td>${escaped(why)}</td></tr>`,
    )
    .join('');
  const chart = ways
    ? bars(
        `What calls from ${site.name} cost a month`,
        ['a month'],
        ways.costs
          .filter(({ unpriced }) => unpriced.length === 0)
          .map(({ kind, total }) => ({ label: wayNames[kind], values: [total] })),
        '',
      )
    : '';
  return `<h3>${escaped(site.name)}</h3>${rows(site.reckoned)}<table>${advice}</table>${ways ? `${rows(ways.reckoned)}${chart}` : ''}`;
}

/** Sites beyond these have their tables alone. */
const mostBars = 40;

function siteChart(sites: readonly SitePlan[]): string {
  if (sites.length < 2) return '';
  const groups = sites
    .slice(0, mostBars)
    .map(({ name, ports, traffic }) => ({ label: name, values: [traffic, ports] }));
  return bars(
    'Traffic of the busy hour in erlangs, and calls at once to be ready for',
    ['traffic', 'calls at once'],
    groups,
    '',
  );
}

/** How fast calls are lost as lines are taken away. */
function lossChart({ whole, planning }: Plan): string {
  const { traffic, lines } = whole;
  if (lines === 0) return '';
  const from = Math.max(0, Math.floor(lines * 0.6));
  const to = Math.max(from + 4, Math.ceil(lines * 1.2));
  const step = Math.max(1, Math.ceil((to - from) / 120));
  const points = [];
  for (let x = from; x <= to; x += step) points.push({ x, y: blockedShare(traffic, x) * 100 });
  const share = blockedShare(traffic, lines);
  return line(
    'Calls of the busy hour that are lost, by lines',
    points,
    {
      x: lines,
      y: share * 100,
      label: `${figure(lines)} lines: ${percent(share)} (at most ${percent(planning.blocking)})`,
    },
    { x: 'lines', unit: '%' },
  );
}

/** What an hour of the day carries: on average, and at most. */
function dayChart({ records }: Plan): string {
  const hours = records?.whole?.hours;
  if (!hours) return '';
  const days = Math.max(1, Math.round((records.to - records.from) / 86_400_000));
  const sums = Array.from({ length: 24 }, () => ({ sum: 0, most: 0 }));
  for (const { at, erlangs } of hours) {
    const one = sums[new Date(at).getHours()]!;
    one.sum += erlangs;
    one.most = Math.max(one.most, erlangs);
  }
  return columns(
    'Traffic by the hour of the day',
    ['on average', 'at most'],
    sums.map(({ sum, most }, hour) => ({ label: String(hour), values: [sum / days, most] })),
    'E',
  );
}

function tunnelChart({ bandwidth, planning }: Plan): string {
  return stackedBars(
    `What one call of ${planning.codec} takes one way, ${planning.ptime} ms a packet`,
    ['payload', 'IP, UDP, RTP', 'SRTP', 'tunnel', 'RTCP'],
    bandwidth.tunnels.map(({ tunnel, parts }) => ({
      label: tunnelNames[tunnel],
      values: [parts.payload, parts.headers, parts.srtp, parts.tunnel, parts.rtcp],
    })),
    'kbit/s',
  );
}

function codecTable({ bandwidth }: Plan): string {
  const head = ['', 'Payload', 'At IP', 'Ethernet, SRTP', 'With FEC', 'With RTCP', 'With both'];
  const body = bandwidth.codecs.map(
    ({ codec, payload, ip, secured, corrected, planned, plannedCorrected }) =>
      `<tr><th>${codec}</th>${[payload, ip, secured, corrected, planned, plannedCorrected].map((value) => `<td class="v">${figure(value)}</td>`).join('')}</tr>`,
  );
  return `<h3>Planners' figures, kbit/s one way at 20 ms a packet</h3><table class="figures"><tr>${head.map((one) => `<th>${one}</th>`).join('')}</tr>${body.join('')}</table>`;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --dim: light-dark(#5b636d, #9aa4af); --soft: light-dark(#f4f6f8, #1b1f24);
  --warning: light-dark(#8a5a00, #e6b450); --c1: light-dark(#2f6fb3, #6ba7e5); --c2: light-dark(#d0761b, #f0a04b); --c3: light-dark(#1f8f74, #4fc3a4);
  --c4: light-dark(#7a57a8, #b193de); --c5: light-dark(#8a8f96, #a8aeb6); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
.tiles div { background: var(--soft); border-radius: .5rem; padding: .75rem 1rem; } .tiles b { display: block; font-size: 1.6rem; line-height: 1.2; } .tiles span { color: var(--dim); font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; } dt { color: var(--dim); } dd { margin: 0; }
.doubts { border: 1px solid var(--warning); border-radius: .5rem; padding: 0 1rem .5rem; margin: 1rem 0; } .doubts h2 { border: 0; margin: .5rem 0 0; color: var(--warning); font-size: 1rem; } .doubts ul { margin: 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .25rem 0; font-size: .92rem; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 400; width: 15rem; } td.v { font-weight: 600; width: 10rem; font-variant-numeric: tabular-nums; } .figures th:not(:first-child), .figures td { width: auto; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; font-size: .95rem; } svg { width: 100%; height: auto; max-width: 46rem; display: block; margin-top: .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: 1rem; font-size: .85rem; color: var(--dim); } .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .35rem; vertical-align: -.08rem; }
svg text { font: 12px system-ui, sans-serif; fill: currentColor; dominant-baseline: middle; } svg .l { text-anchor: end; } svg .m { text-anchor: middle; } svg .n { fill: var(--dim); } .rule { stroke: var(--line); }
@media (max-width: 44rem) { table:not(.figures) tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line); padding: .25rem 0; }
  table:not(.figures) :is(th, td) { border: 0; width: auto; padding: 0; } table:not(.figures) td:last-child { grid-column: 1 / -1; color: var(--dim); } .figures { display: block; overflow-x: auto; } }
@media print { table, figure { break-inside: avoid; } }
`;
