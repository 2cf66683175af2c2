import { Bypass, type Configuration, checklist, type Route } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { formatProblems, readConfiguration } from '#shell/config';
import { called, inheritedSettings, organisation, outsideDecisions } from './check-organisation.ts';
import { formatAddress, trunkFacts } from './check-trunk.ts';
import { checklistText } from './checklist.ts';
import { formatDuration } from './duration.ts';
import { exitCodes } from './failure.ts';
import { type Output, tell } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { isWrong, sampleResults, samplesText } from './sample-calls.ts';
import { table as columnsText } from './table.ts';

/** `tandem check FILE`: every problem, or what the file means. Returns the exit status. */
export function check(file: string, stdout: Output, stderr: Output): number {
  const loaded = readConfiguration(file);
  if (!loaded.ok) {
    tell(stderr, formatProblems(loaded.problems));
    tell(stderr, `${file} cannot be used. \`tandem explain CODE\` says more about a problem.\n`);
    return exitCodes.failed;
  }
  tell(stderr, formatProblems(loaded.warnings));
  tell(
    stdout,
    `${summary(loaded.configuration, columnsOf(stdout))}\n${checklistText(checklist(loaded.configuration))}`,
  );
  const samples = sampleResults(loaded.configuration);
  if (samples.length > 0) tell(stdout, `\nSample calls\n\n${samplesText(samples)}`);
  if (samples.some(isWrong)) {
    tell(stderr, `${file} is sound, but sample calls do not go where they should.\n`);
    return exitCodes.failed;
  }
  tell(stdout, `\n${file} is sound.\n`);
  return exitCodes.ok;
}

/** What a configuration means, defaults written out. */
function summary(configuration: Configuration, width: number): string {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) => columnsText(head, rows, width);
  const { listeners, trunks, groups = [], routes, media, records, timers } = configuration;
  const sections = [
    table(
      ['LISTENER', 'SIDE', 'TRANSPORT', 'BIND', 'ADVERTISE'],
      listeners.map((one) => [
        one.name,
        one.side,
        one.transport,
        formatHostPort(one.bind),
        one.advertise === one.bind ? 'the same' : formatHostPort(one.advertise),
      ]),
    ),
    table(
      ['TRUNK', 'KIND', 'SIDE', 'TRANSPORT', 'ADDRESSES', 'CALLS', 'CALLS/S', 'SETUP', 'RING'],
      trunks.map((one) => [
        one.name,
        one.kind,
        one.side,
        one.naptr ? 'by NAPTR' : one.transport,
        one.addresses.map(formatAddress).join(', '),
        limit(one.capacity.calls),
        limit(one.capacity.callsPerSecond),
        formatDuration(one.setupTimeout),
        formatDuration(one.ringTimeout),
      ]),
    ),
    table(
      ['TRUNK', 'IS', ''],
      trunks.flatMap((one) => trunkFacts(one).map(([what, how], at) => [at === 0 ? one.name : '', what, how])),
    ),
    ...inheritedSettings(trunks, width),
    ...(groups.length === 0
      ? []
      : [
          table(
            ['GROUP', 'CHOICE', 'TRUNKS'],
            groups.map(({ name, choice, members }) => [
              name,
              choice,
              members.map(({ trunk, weight }) => (choice === 'weighted' ? `${trunk} (${weight})` : trunk)).join(', '),
            ]),
          ),
        ]),
    table(
      ['ROUTE', 'FROM', 'CALLED', 'TO, IN THIS ORDER'],
      routes.map((one) => [
        one.name,
        one.from.length === 0 ? 'any trunk' : one.from.join(', '),
        called(one),
        where(one),
      ]),
    ),
    ...organisation(configuration, width),
    table(
      ['MEDIA', 'BIND', 'ADVERTISE', 'PORTS'],
      media.mode === 'bypass'
        ? [['bypass', 'SDP is passed on as it came', '', '']]
        : (['internal', 'external'] as const).map((side) => [
            side,
            media[side].bind,
            media[side].advertise === media[side].bind ? 'the same' : media[side].advertise,
            `${media.ports.min}-${media.ports.max}`,
          ]),
    ),
  ];
  const facts = [
    ['Unknown sources', configuration.unknownSource === 'refuse' ? 'get 403' : 'get no answer'],
    ...(media.mode === 'bypass' ? [] : [['Silent calls', silentCalls(media)]]),
    ...(media.bypass ? [['Media bypass', bypassed(configuration)]] : []),
    ['Bans', protection(configuration)],
    ...(configuration.dns ? [['DNS', dns(configuration.dns)]] : []),
    ...outsideDecisions(configuration),
    ['Records', `in ${records.path}`],
    ['Timers', `T1 ${formatDuration(timers.t1)}, T2 ${formatDuration(timers.t2)}, T4 ${formatDuration(timers.t4)}`],
    ['User-Agent', configuration.userAgent ?? 'none sent'],
  ];
  return [...sections, table([], facts)].join('\n');
}

function where({ to, refuse, usages, choice }: Route): string {
  const trunks = refuse === undefined ? to.join(', ') : `refused with ${refuse}`;
  const cheapest = choice === 'least-cost' ? ', the cheapest first' : '';
  return `${trunks}${cheapest}${usages ? ` (${usages.join(', ')})` : ''}`;
}

function protection({ protection }: Configuration): string {
  if (!protection) return 'by default';
  const { requestsPerSecond, ban } = protection;
  return `for ${formatDuration(ban)} at first, of who is no trunk and sends more than ${requestsPerSecond} requests a second`;
}

function dns({ servers, timeout }: NonNullable<Configuration['dns']>): string {
  const asked = servers.length === 0 ? "the system's servers" : servers.map(formatHostPort).join(', ');
  return `${asked}, for ${formatDuration(timeout)}`;
}

function limit(value: number | undefined): string {
  return value === undefined ? 'no limit' : String(value);
}

function silentCalls({ silence, longestSilence }: Configuration['media']): string {
  if (silence === 0) return 'are let be';
  const longest = longestSilence === undefined ? '' : `, and after ${formatDuration(longestSilence)} in any case`;
  return `end after ${formatDuration(silence)} if a party is not there any more${longest}`;
}

/** Who hears whom without us: trunks that let it, and sites by bypass ID. */
function bypassed(configuration: Configuration): string {
  const { trunks, sites = [], media } = configuration;
  const able = trunks.filter(({ mediaBypass }) => mediaBypass).map(({ name }) => name);
  const on = able.length === 0 ? 'on no trunk' : `on ${able.join(', ')}`;
  if (media.bypass!.by === 'always') return `always, ${on}`;
  const ids = Map.groupBy(sites, (site) => Bypass.of(configuration)!.idOf(site)!);
  const groups = [...ids].map(([id, of]) => `${id}: ${of.map(({ name }) => name).join(', ')}`);
  return [`by sites, ${on}`, ...groups, ...(media.bypass!.unmapped ? ['unmapped: what is at no site'] : [])].join('; ');
}
