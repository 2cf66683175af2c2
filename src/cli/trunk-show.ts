import type { components } from '#client';
import type { Configuration, Trunk as Configured } from '#engine/ports';
import { duration, exactTime, harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { type OutputOptions, painterOf, printObject, tell } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { answered, openRemote, type RemoteOptions } from './rest/remote.ts';
import { trunkConfiguration } from './trunk-configuration.ts';
import { type TrunkReport, trunkJson } from './trunk-json.ts';
import { daysText, targetText, trunkTable } from './trunk-list.ts';
import { notRunning, openPlace, trunkOf } from './trunk-place.ts';
import { certificatesOf, type NameView, stateOf, successOf, type TrunksAnswer, type TrunkView } from './trunk-view.ts';

type Trunk = components['schemas']['Trunk'];
export type TrunkShowOptions = RemoteOptions & OutputOptions;

/** `tandem trunk show NAME [FILE]`: all that is known of one trunk; more where its file can be read. */
export async function show(name: string, file: string | undefined, options: TrunkShowOptions): Promise<void> {
  const { stdout, stderr } = process;
  const { output } = options;
  const known = file ?? options.config;
  if (known === undefined) {
    const { client } = await openRemote(options);
    const trunk = await answered(client.GET('/api/v1/trunks/{trunk}', { params: { path: { trunk: name } } }));
    return printObject(stdout, output, trunk, () => `${trunkTable([trunk], columnsOf(stdout), painterOf(stdout))}`);
  }
  const place = await openPlace(known);
  const { configuration, program } = place;
  try {
    const trunk = trunkOf(place, name);
    if (!program) tell(stderr, notRunning(place));
    const answer = program && ((await program.ask('trunks')) as unknown as TrunksAnswer);
    const report = trunkReport(configuration, trunk, answer);
    if (output === 'table') return void stdout.write(reportText(name, report));
    printObject(stdout, output, trunkJson(trunk, report, program && (await told(name, known, options))), () => '');
  } finally {
    program?.close();
  }
}

/** As the API has it; undefined: it does not answer, or does not have it. */
async function told(name: string, config: string, options: TrunkShowOptions): Promise<Trunk | undefined> {
  try {
    const { client } = await openRemote({ ...options, config });
    return await answered(client.GET('/api/v1/trunks/{trunk}', { params: { path: { trunk: name } } }));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

export function trunkReport(
  { listeners }: Pick<Configuration, 'listeners'>,
  trunk: Configured,
  answer: TrunksAnswer | undefined,
): TrunkReport {
  const configuration = trunkConfiguration(trunk);
  const { settings = [] } = trunk;
  const view = answer?.trunks.find((one) => one.trunk === trunk.name);
  if (!answer || !view) {
    return {
      running: answer !== undefined,
      at: Date.now(),
      configuration,
      settings,
      names: [],
      connections: [],
      certificates: [],
    };
  }
  const ids = listeners
    .filter((one) => one.tls && (one.side === trunk.side || one.side === 'both'))
    .map(({ id }) => id);
  const peers = new Set([...view.targets, view.registration?.target]);
  return {
    running: true,
    at: answer.at,
    configuration,
    settings: view.settings ?? settings,
    view,
    names: answer.names.filter(({ question }) => view.names.some((name) => isAbout(question, name, answer.names))),
    connections: (answer.connections ?? []).filter(({ peer }) => peers.has(peer)),
    certificates: certificatesOf(trunk.name, ids, answer.certificates),
  };
}

/** The question is for that name, or for what its SRV or NAPTR records lead to. */
function isAbout(question: string, name: string, all: readonly NameView[]): boolean {
  const asked = question.slice(question.indexOf(' ') + 1);
  if (asked === name || asked.endsWith(`.${name}`)) return true;
  return all.some(
    ({ question: other, answer }) =>
      Array.isArray(answer) &&
      (other.startsWith('SRV ') || other.startsWith('NAPTR ')) &&
      other.endsWith(name) &&
      answer.some((text: string) => text.includes(` ${asked}`)),
  );
}

export function reportText(name: string, report: TrunkReport): string {
  const { view, at } = report;
  const lines: string[] = [`Trunk ${name}`];
  const heading = (text: string) => lines.push('', text);
  const add = (label: string, value: string) => lines.push(`  ${label.padEnd(18)}  ${harmless(value)}`);

  if (view) {
    const { state, since, because } = stateOf(view);
    const success = successOf(view);
    const at = since === undefined ? '' : ` since ${exactTime(since)}`;
    lines.push(`  ${harmless(`${state}${at}${because === '' ? '' : `: ${because}`}`)}`);
    add('Calls now', view.limit === undefined ? `${view.calls}` : `${view.calls} of ${view.limit}`);
    if (success !== undefined) add('Calls that went on', `${success.toFixed(1)} %`);
  } else if (report.running) lines.push('  the running program does not have it: it runs by an older file');

  heading('Configuration');
  for (const [what, how] of report.configuration) add(what, how);
  if (report.settings.length > 0) {
    heading('Settings, and where each is said');
    for (const { key, value, from } of report.settings) add(key, `${value} (${from})`);
  }
  if (!view) return `${lines.join('\n')}\n`;

  heading('Targets, in the order in which they are tried');
  if (view.notLocated !== undefined) add('not located', view.notLocated);
  const byName = new Map(view.health.targets.map((target) => [target.target, target]));
  for (const target of new Set([...view.targets, ...byName.keys()])) {
    const known = byName.get(target);
    lines.push(`  ${harmless(targetText(target, known))}`);
    if (!known) continue;
    const { options, calls, unreachable, until } = known;
    lines.push(
      `    OPTIONS ${options.answered} answered, ${options.unanswered} not; calls ${calls.progressed} went on, ` +
        `${calls.unanswered} unanswered; ${unreachable} times not reached`,
    );
    if (until !== undefined) lines.push(`    passed by until ${exactTime(until)}`);
    for (const { at, text, times } of known.evidence)
      lines.push(`    ${exactTime(at)}  ${harmless(text)}${times > 1 ? `, ${times} times in a row` : ''}`);
  }
  for (const { target, allow, server } of view.options) {
    if (server !== undefined) add('is', `${server} (${target})`);
    if (allow !== undefined) add('takes', `${allow} (${target})`);
  }

  if (view.registration) {
    heading('Registration');
    registration(view.registration, at, add);
  }
  if (report.names.length > 0) {
    heading('Names');
    for (const { question, answer, expiresAt, failure } of report.names) {
      const left = expiresAt === undefined ? '' : `, good for ${duration(Math.max(0, expiresAt - at))}`;
      const said = answer === undefined ? 'no answer yet' : Array.isArray(answer) ? answer.join(', ') : answer;
      lines.push(`  ${harmless(`${question}: ${said}${left}${failure === undefined ? '' : `; last: ${failure}`}`)}`);
    }
  }
  if (report.connections.length > 0) {
    heading('Connections');
    for (const { peer, direction, state, since, octetsIn, octetsOut, tls } of report.connections) {
      const secured = tls ? `, ${tls.version} ${tls.cipher}, certificate of ${tls.names.join(', ')}` : '';
      lines.push(
        `  ${harmless(`${peer} ${direction}, ${state} since ${since}, ${octetsIn} octets in, ${octetsOut} out${secured}`)}`,
      );
    }
  }
  if (report.certificates.length > 0) {
    heading('Certificates and roots');
    for (const { kind, names, files, daysLeft, warnings, problem } of report.certificates) {
      const what = kind === 'certificate' ? 'ours' : 'trusted';
      const left = daysLeft === undefined ? '' : `, ${daysText(daysLeft)} left`;
      lines.push(
        `  ${harmless(`${what}: ${names.join(', ') || "the system's roots"} (${files.join(', ') || 'no file'})${left}`)}`,
      );
      for (const warning of [...warnings, ...(problem === undefined ? [] : [problem])])
        lines.push(`    ${harmless(warning)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function registration(
  status: NonNullable<TrunkView['registration']>,
  now: number,
  add: (label: string, value: string) => void,
): void {
  const { stage, since, lastAnswer, lastError, granted, expiresAt, nextAt } = status;
  add('state', `${stage} since ${exactTime(since)}`);
  add('as', status.addressOfRecord);
  add('at', `${status.registrar}${status.target === undefined ? '' : ` (${status.target})`}`);
  if (status.contact !== undefined) add('contact', status.contact);
  if (status.seenAs !== undefined) add('seen as', `${status.seenAs}: a NAT lies between`);
  if (granted !== undefined) add('granted', duration(granted));
  if (expiresAt !== undefined) add('holds', `until ${exactTime(expiresAt)}`);
  if (nextAt !== undefined) add('next REGISTER', `in ${duration(Math.max(0, nextAt - now))}`);
  if (lastAnswer) {
    const { status: code, phrase, at, from } = lastAnswer;
    add('last answer', `${code} ${phrase} from ${from}, ${exactTime(at)}`);
  }
  if (lastError) add('last trouble', `${lastError.text}, ${exactTime(lastError.at)}`);
  if (status.tries > 0) add('tries', `${status.tries} since it last succeeded`);
  if (status.serviceRoute.length > 0) add('Service-Route', status.serviceRoute.join(', '));
  if (status.path.length > 0) add('Path', status.path.join(', '));
  add('outbound', status.outbound);
}
