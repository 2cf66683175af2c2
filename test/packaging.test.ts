import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfiguration } from '#shell/config';
import { renderChart } from './support/chart.ts';

/* What others install and start us by: the unit, the package, the container, the chart. */
const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('the unit', () => {
  const settings = new Map(
    [...read('ops/systemd/tandem.service').matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  );

  test('is one of which systemd hears, and which it lets drain', () => {
    expect(settings.get('Type')).toBe('notify');
    expect(settings.get('KillMode')).toBe('mixed');
    const [, drain] = /TANDEM_DRAIN_SECONDS=(\d+)/.exec(read('ops/systemd/tandem.service'))!;
    expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThan(Number(drain) + 12);
  });

  test('leaves it to the program who takes the processor first', () => {
    for (const setting of ['Nice', 'CPUWeight', 'CPUSchedulingPolicy']) expect(settings.has(setting)).toBe(false);
  });

  test.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('is understood by systemd, all of it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-unit-'));
    try {
      const unit = join(directory, 'tandem.service');
      // The program is not installed here.
      writeFileSync(
        unit,
        read('ops/systemd/tandem.service').replace('ExecStart=/usr/bin/tandem', 'ExecStart=/bin/true'),
      );
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('is judged safe by systemd', () => {
    const args = [
      'security',
      '--offline=true',
      '--threshold=25',
      '--no-pager',
      join(root, 'ops/systemd/tandem.service'),
    ];
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect(status, stdout.split('\n').slice(-3).join('\n')).toBe(0);
  });
});

test('the configuration that the package brings is sound, and serves its own machine alone', () => {
  const loaded = loadConfiguration(read('ops/debian/tandem.yaml'), { file: 'tandem.yaml', env: {} });
  expect(loaded).toMatchObject({ ok: true, warnings: [] });
  if (!loaded.ok) return;
  const { configuration } = loaded;
  expect(configuration.records.path).toBe('/var/lib/tandem');
  for (const { bind } of configuration.listeners) expect(bind.host).toBe('127.0.0.1');
});

test('the scripts of the package are sh, and set -e', () => {
  for (const script of ['postinst', 'prerm', 'postrm']) {
    expect(read(`ops/debian/${script}`)).toMatch(/^#!\/bin\/sh\nset -e\n/);
    expect(spawnSync('sh', ['-n', join(root, 'ops/debian', script)]).status).toBe(0);
  }
});

describe('the container', () => {
  const dockerfile = read('ops/container/Dockerfile');

  test('is built of files that are there, and does not run as root', () => {
    for (const [, script] of dockerfile.matchAll(/(scripts\/\S+\.ts|ops\/\S+\.mjs)/g))
      expect(existsSync(join(root, script!)), script).toBe(true);
    expect(dockerfile.lastIndexOf('USER 5060')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  test('the compose file gives it more time than its drain takes, and nothing that it does not need', () => {
    const { services } = parse(read('ops/container/compose.yaml')) as {
      services: {
        tandem: Record<string, unknown> & { environment: Record<string, string>; stop_grace_period: string };
      };
    };
    const { tandem } = services;
    expect(Number.parseInt(tandem.stop_grace_period, 10)).toBeGreaterThan(
      Number(tandem.environment.TANDEM_DRAIN_SECONDS) + 12,
    );
    expect(tandem).toMatchObject({ network_mode: 'host', cap_drop: ['ALL'], read_only: true });
    expect(existsSync(join(root, 'ops/container', (tandem.build as { context: string }).context, 'package.json'))).toBe(
      true,
    );
  });

  test('its probe says that nobody is there, where nobody is', () => {
    const probe = spawnSync(process.execPath, [join(root, 'ops/container/probe.mjs'), 'readyz'], {
      env: { TANDEM_DATA: '/nonexistent' },
      encoding: 'utf8',
    });
    expect(probe).toMatchObject({ status: 1, stderr: expect.stringContaining('ENOENT') });
  });
});

describe('the chart', () => {
  const directory = join(root, 'ops/helm/tandem');
  const { objects, used } = renderChart(directory, 'trunks');
  interface Container {
    readonly volumeMounts: readonly { name: string }[];
    readonly env: readonly { name: string; value?: string }[];
    readonly args: readonly string[];
    readonly [more: string]: unknown;
  }
  interface Set {
    readonly metadata: { name: string };
    readonly spec: {
      selector: { matchLabels: object };
      template: {
        metadata: { labels: object };
        spec: {
          containers: readonly [Container];
          volumes: readonly { name: string }[];
          terminationGracePeriodSeconds: number;
        };
      };
      volumeClaimTemplates: readonly { metadata: { name: string } }[];
    };
  }
  const of = (kind: string) => objects.find((one) => one.kind === kind)!;
  const set = of('StatefulSet') as unknown as Set;
  const pod = set.spec.template.spec;
  const [container] = pod.containers;

  test('is whole objects that fit together', () => {
    expect(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'v1 Service',
      'apps/v1 StatefulSet',
    ]);
    for (const { metadata } of objects) expect(metadata).toMatchObject({ name: 'trunks' });
    expect(set.spec.template.metadata.labels).toEqual(set.spec.selector.matchLabels);
    expect((of('Service').spec as { selector: object }).selector).toEqual(set.spec.selector.matchLabels);
    const volumes = [...pod.volumes, ...set.spec.volumeClaimTemplates.map(({ metadata }) => metadata)];
    expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
  });

  test('uses each value that it offers', () => {
    const leaves = (value: unknown, path: string): string[] =>
      used.has(path) || typeof value !== 'object' || value === null
        ? [path]
        : Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
    const offered = leaves(parse(read('ops/helm/tandem/values.yaml')), 'Values');
    expect(offered.filter((path) => !used.has(path))).toEqual([]);
  });

  test('gives the pod more time than preStop and its drain take', () => {
    const drain = Number(container.env.find(({ name }) => name === 'TANDEM_DRAIN_SECONDS')!.value);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + 5 + 12);
  });

  test('its configuration is sound, and read again when it changes', () => {
    const text = (of('ConfigMap').data as Record<string, string>)['tandem.yaml']!;
    const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: { POD_IP: '192.0.2.5' } });
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
    expect(container.args).toEqual(['run', '--watch', '/etc/tandem/tandem.yaml']);
  });

  test('with passwords, a node and a class of storage of one’s own', () => {
    const rendered = renderChart(directory, 'trunks', {
      envFrom: [{ secretRef: { name: 'passwords' } }],
      nodeSelector: { sip: 'yes' },
      persistence: { storageClassName: 'fast', size: '1Gi' },
    });
    const other = rendered.objects.find((one) => one.kind === 'StatefulSet') as unknown as Set;
    expect(other.spec.template.spec).toMatchObject({
      nodeSelector: { sip: 'yes' },
      containers: [{ envFrom: [{ secretRef: { name: 'passwords' } }] }],
    });
    expect(other.spec.volumeClaimTemplates).toMatchObject([{ spec: { storageClassName: 'fast' } }]);
  });

  test('its probes ask by a file that the image has', () => {
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      expect(JSON.stringify(container[probe])).toContain('/usr/lib/tandem/ops/container/probe.mjs');
    expect((JSON.parse(read('package.json')) as { files: string[] }).files).toContain('ops');
  });
});

test('container and chart name the version that this is', () => {
  expect(parse(read('ops/helm/tandem/Chart.yaml'))).toMatchObject({ version, appVersion: version });
  expect(parse(read('ops/helm/tandem/values.yaml'))).toMatchObject({ image: { tag: version } });
});
