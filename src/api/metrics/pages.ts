import { metrics } from './table.ts';

const usage = `# Metrics

\`GET /metrics\`, in the text format of Prometheus. On the Unix socket \`api.sock\` in the directory of the records anybody may ask who may open it; by TCP
(\`management.listen\`) who has the role viewer, mostly by a token, or who is in one of the networks that \`management.metrics.from\` names:

\`\`\`yaml
management:
  listen: 192.0.2.5
  tls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }
  metrics: { from: 192.0.2.9 }
\`\`\`

Rules for Prometheus are in \`ops/prometheus/alerts.yaml\`, and \`alerts.test.yaml\` beside it tries each (\`promtool test rules\`); a dashboard for Grafana is in \`ops/grafana/tandem.json\`.

- **What is not measured is not there.** A media process that takes no part, a trunk of which nobody knows yet, a call without speech: no value,
  and no zero in its place. There is no MOS of ours: nothing that we see says what a listener thought. What devices reckon themselves is
  under [reports on voice quality](#reports-on-voice-quality), and [quality.md](quality.md) says what is measured where.
- **Labels are few.** Trunks, links, groups, listeners, files as the configuration names them; of trunks the first 1,000 by themselves and the rest as
  \`(others)\`; legs of users as \`(users)\`. Never a number, an address or a name that somebody else sends.
- **Counters begin at 0** with the process that counts. Calls, tries and what their media was like are counted in the management process as they end; calls that end in
  the moment in which that is started again are in the records and not here.
- **A program whose signalling does not answer** has \`tandem_up 0\`, what the management process knows by itself, and nothing else.
`;

/** docs/metrics.md. */
export function metricsManual(): string {
  const parts = [usage];
  let section = '';
  for (const metric of metrics) {
    if (metric.section !== section) {
      section = metric.section;
      parts.push(`\n## ${section}\n\n| name | type | unit | labels | |\n|---|---|---|---|---|\n`);
    }
    const { name, type, labels, help } = metric;
    const named = labels.map((label) => `\`${label}\``).join(', ');
    parts.push(`| \`${name}\` | ${type} | ${unitOf(name)} | ${named} | ${help.replaceAll('|', '\\|')} |\n`);
  }
  return parts.join('');
}

/** By the ends of their names, as Prometheus would have it. */
function unitOf(name: string): string {
  const bare = name.replace(/_total$/, '');
  if (bare.endsWith('_timestamp_seconds') || bare.endsWith('_time_seconds')) return 'Unix time';
  if (bare.endsWith('_bytes_per_second')) return 'octets/s';
  if (bare.endsWith('_seconds')) return 's';
  if (bare.endsWith('_bytes')) return 'octets';
  if (bare.endsWith('_ratio')) return '0 to 1';
  return '';
}
