import { duration, exactTime } from '../cdr-text.ts';
import { escaped } from '../escaped.ts';
import type { Step, StepVerdict, TestReport } from './report.ts';

/** The report as one file that needs no other: for the provider's mailbox. What peers said is text in it, never markup. */
export function reportHtml(report: TestReport): string {
  const { trunk, by, startedAt, tookMs, number, running, ok, verdict, steps } = report;
  const facts: readonly (readonly [string, string])[] = [
    ['Trunk', trunk],
    ['Called', number ?? 'nobody'],
    ['At', exactTime(startedAt)],
    ['Took', duration(tookMs)],
    ['By', `${by}${running ? '' : ', without a running program'}`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Test of trunk ${escaped(trunk)}</title>
<style>${style}</style>
</head>
<body>
<h1>Test of trunk ${escaped(trunk)}</h1>
<p class="verdict ${ok ? 'passed' : 'failed'}">${escaped(verdict)}</p>
<dl>${facts.map(([label, value]) => `<dt>${label}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
${steps.map(stepHtml).join('\n')}
</body>
</html>
`;
}

const words: Readonly<Record<StepVerdict, string>> = {
  passed: 'passed',
  warning: 'warning',
  failed: 'failed',
  skipped: 'skipped',
};

function stepHtml({ name, verdict, summary, sent, came, todo, at, tookMs }: Step): string {
  const open = verdict === 'failed' || verdict === 'warning' ? ' open' : '';
  const took = verdict === 'skipped' ? '' : `<span class="took">${duration(tookMs)}</span>`;
  const lists = [list('Sent', sent), list('Came', came), list('To do', todo)].join('');
  const time = verdict === 'skipped' ? '' : `<p class="took">${escaped(exactTime(at))}</p>`;
  return `<details class="${verdict}"${open}><summary><b>${words[verdict]}</b> <strong>${escaped(name)}</strong> ${escaped(summary)} ${took}</summary>${time}${lists}</details>`;
}

function list(heading: string, texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<h2>${heading}</h2><ul>${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --dim: light-dark(#5b636d, #9aa4af);
  --passed: light-dark(#176b34, #6fd08c); --warning: light-dark(#8a5a00, #e6b450); --failed: light-dark(#b3261e, #ff8a80); --skipped: var(--dim); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: .85rem; margin: .75rem 0 .25rem; color: var(--dim); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; } dt { color: var(--dim); } dd { margin: 0; }
.verdict { font-weight: 600; font-size: 1.1rem; padding: .6rem .8rem; border: 1px solid; border-radius: .4rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; overflow-wrap: anywhere; } summary b { display: inline-block; min-width: 4.5rem; }
.passed > summary b, p.passed { color: var(--passed); } .warning > summary b { color: var(--warning); }
.failed > summary b, p.failed { color: var(--failed); } .skipped > summary b { color: var(--skipped); }
.took { color: var(--dim); font-size: .85rem; } ul { margin: 0; padding-left: 1.2rem; } li { overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .85rem; }
@media print { details { break-inside: avoid; } }
`;
