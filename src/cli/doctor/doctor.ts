import { resolve } from 'node:path';
import type { Configuration } from '#engine/ports';
import { formatProblems, readConfiguration } from '#shell/config';
import { harmless } from '../cdr-text.ts';
import { certificates } from '../check-world/certificates.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Painter } from '../output/fitted-table.ts';
import { type OutputOptions, painterOf, printList, tell } from '../output/output.ts';
import { progress } from '../output/progress.ts';
import { StatusClient } from '../status-client.ts';
import { kernelChecks } from './kernel-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { networkChecks } from './network-checks.ts';
import { systemWorld } from './system-world.ts';
import type { Finding, Patient, Verdict, World } from './world.ts';

export type DoctorOptions = OutputOptions & { readonly data?: string };

/** `tandem doctor [FILE]`: the exit status is 1 where something keeps the program from its work. */
export async function doctor(file: string | undefined, options: DoctorOptions): Promise<number> {
  const world = systemWorld();
  const configuration = file === undefined ? undefined : read(file);
  const data = resolve(configuration?.records.path ?? options.data ?? process.env.TANDEM_DATA ?? './data');
  const patient = patientOf(configuration, data, await runs(data));
  const findings = await progress('Looking at this machine', examine(world, patient, configuration));
  if (options.output !== 'table') printList(process.stdout, options.output, findings, []);
  else tell(process.stdout, findingsText(findings, painterOf(process.stdout)));
  return findings.some(({ verdict }) => verdict === 'failed') ? exitCodes.failed : exitCodes.ok;
}

/** All that is found, in the order in which it is looked for. */
export async function examine(
  world: World,
  patient: Patient,
  configuration: Configuration | undefined,
): Promise<readonly Finding[]> {
  return [
    ...(await machineChecks(world, patient)),
    ...kernelChecks(world),
    ...(await networkChecks(world, patient)),
    ...(configuration ? certificateFindings(configuration) : []),
  ];
}

/** Without a file: the ports that SIP has, and the media ports that are ours unless the file says otherwise. */
export function patientOf(configuration: Configuration | undefined, data: string, running: boolean): Patient {
  if (!configuration) {
    const at = (transport: 'udp' | 'tcp' | 'tls', port: number) => ({ transport, bind: { host: '0.0.0.0', port } });
    return {
      listeners: [at('udp', 5060), at('tcp', 5060), at('tls', 5061)],
      data,
      mediaPorts: { min: 20_000, max: 39_999 },
      names: [],
      running,
      guessed: true,
    };
  }
  const { listeners, media, trunks } = configuration;
  const hosts = trunks.flatMap(({ nextHops, addresses }) => (nextHops ?? addresses).map(({ host }) => host));
  return {
    listeners,
    data,
    mediaPorts: media.ports,
    // What has a port is looked up as an address; the DNS is asked more of others when a trunk is tested.
    names: [...new Set(hosts)].filter((host) => !/^[\d.]+$|:|\/|^localhost$/.test(host)).slice(0, 20),
    running,
  };
}

function certificateFindings(configuration: Configuration): readonly Finding[] {
  const { verdict, summary, came = [], todo = [] } = certificates(configuration);
  if (verdict === 'skipped') return [];
  const verdicts: Record<string, Verdict> = { passed: 'ok', warning: 'warning', failed: 'failed' };
  return [
    {
      check: 'Certificates',
      verdict: verdicts[verdict]!,
      found: verdict === 'passed' ? came.join('; ') : summary,
      ...(todo.length > 0 && { cure: todo }),
    },
  ];
}

const colours = { ok: 'green', note: 'cyan', warning: 'yellow', failed: 'red' } as const;

export function findingsText(findings: readonly Finding[], paint: Painter): string {
  const widest = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, verdict, found, cure = [] }) => [
    `${paint(colours[verdict], verdict.padEnd(7))}  ${check.padEnd(widest)}  ${harmless(found)}`,
    ...cure.map((one) => `${' '.repeat(11 + widest)}${paint('dim', '=>')} ${harmless(one)}`),
  ]);
  const count = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  const verdict =
    failed > 0
      ? paint('red', `${failed} to be mended${warnings > 0 ? `, ${warnings} to be looked at` : ''}.`)
      : warnings > 0
        ? paint('yellow', `It can serve; ${warnings} to be looked at.`)
        : paint('green', 'Fit to serve.');
  return `${lines.join('\n')}\n\n${verdict}\n`;
}

function read(file: string): Configuration {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  return loaded.configuration;
}

async function runs(data: string): Promise<boolean> {
  try {
    const program = await StatusClient.open(data);
    program?.close();
    return program !== undefined;
  } catch (error) {
    if (error instanceof Failure) return true; // Somebody is there, and not ours to ask.
    throw error;
  }
}
