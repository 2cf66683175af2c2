/** What ops/ names exists: each metric, each label of it, each way to use it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metrics } from '#api';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const byName = new Map(metrics.map((metric) => [metric.name, metric]));
/** Labels that Prometheus itself adds. */
const added = ['instance', 'job', 'le'];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
const { groups } = parse(read('ops/prometheus/alerts.yaml')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(read('ops/grafana/tandem.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
};

const queries: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

/** The metric that a series belongs to. */
function metricOf(series: string) {
  const whole = byName.get(series);
  if (whole) return whole.type === 'histogram' ? undefined : whole;
  const family = byName.get(series.replace(/_(bucket|sum|count)$/, ''));
  return family?.type === 'histogram' ? family : undefined;
}

test('there is something to look at', () => {
  expect(rules.length).toBeGreaterThan(15);
  expect(queries.length).toBeGreaterThan(50);
});

describe.each(queries)('%s: %s', (_where, query) => {
  const used = [...query.matchAll(/\b(tandem_\w+)(?:\{([^}]*)\})?(\[[^\]]+\])?/g)];

  test('names what is exported, with its labels', () => {
    expect(used.length).toBeGreaterThan(0);
    for (const [, series, matchers = ''] of used) {
      const metric = metricOf(series!);
      expect(metric, series).toBeDefined();
      for (const [, label] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
        expect([...added, ...metric!.labels], `${series} ${label}`).toContain(label);
    }
    const all = used.flatMap(([, series]) => metricOf(series!)!.labels);
    for (const [, names] of query.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g))
      for (const label of names!.split(',')) expect([...added, ...all]).toContain(label.trim());
  });

  test('uses counters by how they grow, and nothing else so', () => {
    for (const [whole, series, , range] of used) {
      const metric = metricOf(series!)!;
      const before = query.slice(0, query.indexOf(whole));
      const isRate = /(rate|increase)\($/.test(before);
      expect(isRate, whole).toBe(metric.type === 'counter' || metric.type === 'histogram');
      expect(range !== undefined, whole).toBe(isRate);
      if (series!.endsWith('_bucket')) expect(query).toMatch(/histogram_quantile\(0\.\d+, sum by \([^)]*\ble\b/);
    }
  });

  test('is closed wherever it opens', () => {
    const open: string[] = [];
    for (const char of query.replaceAll(/"[^"]*"/g, '')) {
      if ('([{'.includes(char)) open.push(char);
      if (')]}'.includes(char)) expect(open.pop()).toBe({ ')': '(', ']': '[', '}': '{' }[char]);
    }
    expect(open).toEqual([]);
  });
});

test('each alert is tried', () => {
  const { tests } = parse(read('ops/prometheus/alerts.test.yaml')) as {
    tests: { name: string; promql_expr_test: { expr: string; exp_samples: unknown[] }[] }[];
  };
  const tried = tests.flatMap(({ name }) => [...name.matchAll(/\bTandem\w+/g)].map(([alert]) => alert));
  expect(tried.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  for (const { name, promql_expr_test: tries } of tests)
    expect(
      tries.some(({ exp_samples: found }) => found.length > 0),
      name,
    ).toBe(true);
});

const promtool = spawnSync('promtool', ['--version']);
test.skipIf(promtool.status !== 0)('promtool takes the rules, and each alert fires when it should', () => {
  const cwd = new URL('../ops/prometheus/', import.meta.url);
  for (const args of [
    ['check', 'rules', 'alerts.yaml'],
    ['test', 'rules', 'alerts.test.yaml'],
  ]) {
    const { stdout, stderr, status } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
    expect(status, stdout + stderr).toBe(0);
  }
});

test('values of labels that rules name exist', () => {
  const causes = read('docs/end-causes.md');
  for (const { expr } of rules)
    for (const [, names] of expr.matchAll(/cause=~"([^"]+)"/g))
      for (const cause of names!.split('|')) expect(causes).toContain(`\`${cause}\``);
});

describe.each(rules)('alert $alert', (rule) => {
  test('says what is wrong, and what to do', () => {
    expect(rule.alert).toMatch(/^Tandem[A-Z]\w+$/);
    expect(Object.keys(rule.annotations).sort()).toEqual(['description', 'summary']);
    expect(['critical', 'warning']).toContain(rule.labels.severity);
    if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+[mh]$/);
    const metric = metricOf(/tandem_\w+/.exec(rule.expr)![0])!;
    for (const text of Object.values(rule.annotations))
      for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect([...added, ...metric.labels]).toContain(label);
  });
});

test('panels lie beside each other, and their variables exist', () => {
  const { panels, templating } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [index, { gridPos: one }] of panels.entries())
    for (const { gridPos: other } of panels.slice(index + 1)) {
      const apart =
        one.x + one.w <= other.x ||
        other.x + other.w <= one.x ||
        one.y + one.h <= other.y ||
        other.y + other.h <= one.y;
      expect(apart, JSON.stringify([one, other])).toBe(true);
    }
  const known = [...templating.list.map(({ name }) => name), '__rate_interval'];
  for (const [, query] of queries) for (const [, name] of query.matchAll(/\$(\w+)/g)) expect(known).toContain(name);
  for (const { definition } of templating.list) {
    const [, name, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
    if (definition !== undefined) expect([...added, ...byName.get(name!)!.labels]).toContain(label);
  }
});
