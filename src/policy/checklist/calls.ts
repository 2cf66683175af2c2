import type { Configuration, Emergency, EmergencyScope } from '#policy/configuration';
import { HelpingRouter } from '#policy/emergency';
import { judge } from '#policy/routing';
import { byHand, done, type Finding, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { outside, providers, trunksOf } from './of-trunks.ts';

/** Whether calls go where they should. */
export const callRules: readonly Rule[] = [
  {
    id: 'routes-out',
    part: 'Calls',
    what: 'Calls go out by each trunk',
    look: (configuration) => {
      const used = trunksOf(
        [...configuration.routes.flatMap(({ to }) => to), ...emergencyTrunks(configuration)],
        configuration,
      );
      return ofEach(
        outside(configuration),
        { none: 'no trunk leads outside', well: 'each stands in a route' },
        ({ name }) => (used.has(name) ? undefined : 'no route leads to it'),
      );
    },
  },
  {
    id: 'routes-in',
    part: 'Calls',
    what: 'Calls that come by each trunk go somewhere',
    look: (configuration) => {
      const { routes, users = [] } = configuration;
      const out = trunksOf(
        routes.flatMap(({ to }) => to),
        configuration,
      );
      const helps = trunksOf(emergencyTrunks(configuration), configuration);
      // Who is only asked for help calls back by the numbers of places, which need no route.
      return ofEach(
        outside(configuration).filter(({ name }) => out.has(name) || !helps.has(name)),
        { none: 'no trunk leads outside', well: 'a route takes them, or users have numbers' },
        ({ name }) =>
          users.some(({ line, numbers }) => line !== undefined || numbers.length > 0) ||
          routes.some(({ from }) => from.length === 0 || trunksOf(from, configuration).has(name))
            ? undefined
            : 'no route takes what comes by it, and no user has a number',
      );
    },
  },
  {
    id: 'media-bypass',
    part: 'Calls',
    what: 'Peers whose media goes past us take it from phones',
    look: ({ trunks, media }) => {
      const past = media.bypass ? trunks.filter(({ mediaBypass }) => mediaBypass) : [];
      if (past.length === 0) return notApplicable('all media passes through us');
      return byHand(
        `${past.length} ${past.length === 1 ? 'trunk' : 'trunks'}, by ${media.bypass!.by === 'always' ? 'no place' : 'place'}`,
        ...past.map(
          ({ name, kind, maxEarlyDialogs }) =>
            `${name}: that it takes media from any phone, and answers of several at once (${maxEarlyDialogs ?? 20} early dialogs)${kind === 'itsp' ? '; it learns the addresses of your phones' : ''}`,
        ),
      );
    },
  },
  {
    id: 'codecs',
    part: 'Calls',
    what: 'Providers are offered G.711',
    look: (configuration) =>
      ofEach(providers(configuration), { none: 'no trunk leads to a provider', well: 'by each trunk' }, ({ codecs }) =>
        codecs?.allow === undefined || codecs.allow.some((codec) => codec === 'PCMA' || codec === 'PCMU')
          ? undefined
          : 'let PCMA or PCMU pass: it is what all of them take',
      ),
  },
  { id: 'samples', part: 'Calls', what: 'Sample calls go where they should', look: samples },
  {
    id: 'test-call',
    part: 'Calls',
    what: 'A call has been made by each trunk to a provider',
    look: (configuration) => {
      const all = providers(configuration);
      return all.length === 0
        ? notApplicable('no trunk leads to a provider')
        : byHand(
            'it takes the running program',
            ...all.map(({ name }) => `tandem trunk test ${name} FILE --number NUMBER`),
          );
    },
  },
];

function emergencyTrunks({ emergency }: Configuration): readonly string[] {
  return emergency ? scopesOf(emergency).flatMap(({ to = [] }) => to) : [];
}

function scopesOf(emergency: Emergency): readonly EmergencyScope[] {
  const { countries = {}, sites } = emergency;
  return [emergency, ...Object.values(countries), ...Object.values(sites)];
}

function samples(configuration: Configuration): Finding {
  const { samples: all = [] } = configuration;
  if (all.length === 0)
    return missing(
      'there are none',
      'Write the calls that must not go wrong under `tests`: they are tried at every check.',
    );
  const router = new HelpingRouter(configuration);
  const wrong = all.flatMap((sample) => {
    const { differences } = judge(router, sample);
    return differences.length === 0 ? [] : [`${sample.name}: ${differences.join('; ')}`];
  });
  return wrong.length === 0 ? done(`all ${all.length}`) : missing(`${wrong.length} of ${all.length} do not`, ...wrong);
}
