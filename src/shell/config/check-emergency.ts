import { checkPasswordFile, readCertificate } from './check-certificates.ts';
import type { Context, PlacedTrunk } from './check-context.ts';
import { checkPossibleNumber } from './check-people.ts';
import { checkShadows } from './check-shadows.ts';
import { HelpNumbers, type HelpScope, helpScopes } from './help-scopes.ts';
import type { Person } from './people.ts';
import type { Path, Report } from './problems.ts';
import type { EmergencyEntry } from './schema-emergency.ts';

const mailKeys = ['from', 'server', 'tls', 'trust', 'username', 'password', 'password-file'] as const;

/** Calls for help: that they go somewhere, and that nothing else is meant by their numbers. */
export function checkEmergency(context: Context, trunks: readonly PlacedTrunk[], people: readonly Person[]): void {
  const { draft, report } = context;
  const { emergency } = draft;
  if (!emergency) return;
  checkLocations(emergency, context);
  checkElins(emergency, context, trunks);
  const scopes = helpScopes(draft);
  for (const scope of scopes) {
    checkNumbers(scope, report);
    checkNotify(scope, context);
    checkPossibleNumber(scope.relay, [...scope.path, 'relay'], report);
  }
  if (!scopes.some(({ numbers }) => numbers)) report('TDM-1102', ['emergency'], '`numbers` is missing.');
  for (const [at, root] of (emergency['location-servers']?.trust ?? []).entries())
    if (root !== 'system') readCertificate(root, ['emergency', 'location-servers', 'trust', at], context);
  const countries = (emergency.countries ?? []).map(({ country }) => country);
  for (const [at, country] of countries.entries())
    if (countries.indexOf(country) < at)
      report('TDM-1213', ['emergency', 'countries', at, 'country'], `${country} stands here twice.`);
  checkShadows(new HelpNumbers(draft), context, trunks, people);
}

/** What is dialled means one thing at one place. */
function checkNumbers({ numbers = [], tests = [], path }: HelpScope, report: Report): void {
  const seen = new Set<string>();
  const claim = (one: string, at: Path) => {
    if (seen.has(one)) report('TDM-1213', at, `${one} stands here twice.`);
    seen.add(one);
  };
  for (const [index, { number, masks = [] }] of numbers.entries())
    for (const [at, one] of [number, ...masks].entries())
      claim(one, [...path, 'numbers', index, ...(at === 0 ? [] : ['masks', at - 1])]);
  for (const [at, one] of tests.entries()) claim(one, [...path, 'tests', at]);
}

function checkLocations({ locations = [] }: EmergencyEntry, { report }: Context): void {
  const names = new Set<string>();
  const elins = new Map<string, string>();
  for (const [index, location] of locations.entries()) {
    const path = ['emergency', 'locations', index];
    if (names.has(location.name)) report('TDM-1201', [...path, 'name'], 'another of the locations has this name.');
    names.add(location.name);
    for (const [at, number] of (location.elins ?? []).entries()) {
      const other = elins.get(number);
      if (other !== undefined)
        report('TDM-1237', [...path, 'elins', at], `${number} stands for location "${other}" already.`);
      elins.set(number, location.name);
      checkPossibleNumber(number, [...path, 'elins', at], report);
    }
  }
}

/** A trunk that is told numbers of places: some place must have one. */
function checkElins({ locations = [] }: EmergencyEntry, { report }: Context, trunks: readonly PlacedTrunk[]): void {
  const told = trunks.find(({ entry }) => entry.emergency === 'elin');
  if (told && !locations.some(({ elins }) => elins !== undefined))
    report(
      'TDM-1216',
      [...told.path, 'emergency'],
      'no location has `elins`.',
      'Give the locations numbers of theirs.',
    );
}

function checkNotify({ notify = [], path: scope }: HelpScope, context: Context): void {
  const { report } = context;
  for (const [index, one] of notify.entries()) {
    const path = [...scope, 'notify', index];
    const ways = (['message', 'webhook', 'mail'] as const).filter((way) => one[way] !== undefined);
    if (ways.length !== 1)
      report(
        'TDM-1241',
        path,
        ways.length === 0 ? 'nothing says who is told, and how.' : `\`${ways[0]}\` and \`${ways[1]}\` are both given.`,
      );
    if (one.mail !== undefined && (one.from === undefined || !one.server))
      report('TDM-1241', path, `\`${one.from === undefined ? 'from' : 'server'}\` is missing for mail.`);
    const ofMail = one.mail === undefined ? mailKeys.find((key) => one[key] !== undefined) : undefined;
    if (ofMail) report('TDM-1216', [...path, ofMail], `\`${ofMail}\` is for \`mail\`.`);
    if (one.secret && one.webhook === undefined) report('TDM-1216', [...path, 'secret'], '`secret` is for `webhook`.');
    if (one.mail !== undefined) checkMail(one, path, context);
  }
}

function checkMail(one: NonNullable<EmergencyEntry['notify']>[number], path: Path, context: Context): void {
  const { username, password, 'password-file': file, tls, trust = [] } = one;
  const { report } = context;
  const passwords = Number(password !== undefined) + Number(file !== undefined);
  if (passwords > 1) report('TDM-1219', path, '`password` and `password-file` are both given.');
  else if (username !== undefined && passwords === 0)
    report('TDM-1219', path, 'neither `password` nor `password-file` is given.');
  else if (username === undefined && passwords > 0)
    report('TDM-1216', path, 'a password is for a `username`, and none is given.');
  if (file !== undefined) checkPasswordFile(file, [...path, 'password-file'], context);
  if (username !== undefined && (tls === 'off' || tls === 'offered'))
    report('TDM-1216', [...path, 'tls'], 'a password is sent in TLS only: `tls` is `required` or `direct` with one.');
  if (trust.length > 0 && tls === 'off')
    report('TDM-1216', [...path, 'trust'], '`trust` is for TLS, and `tls` is `off`.');
  for (const [at, root] of trust.entries())
    if (root !== 'system') readCertificate(root, [...path, 'trust', at], context);
}
