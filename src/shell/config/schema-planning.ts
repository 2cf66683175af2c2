import { z } from 'zod';
import { count, duration, leaf, name, prefix } from './leaves.ts';
import { flag, quoted } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { oneOrMany, tunnelKinds } from './schema-forms.ts';
import { price } from './schema-trunk-place.ts';

/** What `tandem plan` reckons with. */

/** A share, as 0 to 1 and more. */
const share = (least: number, most: number) =>
  leaf(
    (text) => {
      const match = /^(\d{1,4}(?:\.\d{1,3})?) ?%$/.exec(text);
      const value = Number(match?.[1]);
      if (match && value >= least && value <= most) return { value: value / 100 };
      return fault('TDM-1107', `${JSON.stringify(text.slice(0, 80))} is not a share.`, `Write ${least}% to ${most}%.`);
    },
    { title: 'share', examples: ['1%'], 'x-range': `from ${least}% to ${most}%` },
  );

const profile = () => z.enum(['light', 'moderate', 'heavy']);
const hold = () => duration({ from: '1s', to: '2h' });

const wayPrice = () =>
  z.strictObject({
    month: price().prefault('0').describe('Lines, equipment and fees, a month.'),
    rates: oneOrMany(
      z.strictObject({
        prefix: prefix().describe('How the number begins; the longest that fits counts.'),
        price: price().describe('What a minute costs.'),
      }),
    )
      .optional()
      .describe('What minutes cost; those that none fits are not known.'),
  });

const sitePlanning = z.strictObject({
  site: name().describe('Which.'),
  users: count(0, 10_000_000).optional().describe('How many; as many of `users` as are there unless given.'),
  profile: profile().optional().describe('How much they call.'),
  hold: hold().optional().describe('How long a call of theirs lasts on average.'),
  tunnel: z
    .enum(['none', ...tunnelKinds])
    .optional()
    .describe('What its calls run through.'),
  strict: flag().prefault('false').describe('Outages, or who listens, would cost dear.'),
  'whole-service': flag()
    .prefault('false')
    .describe('Presence and conferences must go on there when its link is gone, and not calls alone.'),
  'link-price': price().optional().describe('What one Mbit/s of its link to the centre costs a month.'),
  areas: oneOrMany(
    z.strictObject({
      prefix: prefix().describe('How numbers there begin.'),
      minutes: count(0, 100_000_000).describe('How long it talks to them, a month.'),
    }),
  )
    .optional()
    .describe('Where it calls. With `--records` those tell it.'),
  centre: wayPrice()
    .optional()
    .describe('What its calls by the centre cost; the `rates` of the trunks there unless given.'),
  trunk: wayPrice().optional().describe('What a trunk of its own would cost.'),
  gateway: wayPrice().optional().describe('What a gateway of its own would cost.'),
});

const queuePlanning = z.strictObject({
  name: quoted(false).describe('What the plan calls it.'),
  site: name().optional().describe('Where its people are.'),
  'calls-per-hour': count(1, 1_000_000).describe('In its busy hour.'),
  handling: hold().prefault('3m').describe('How long a call keeps one of its people busy.'),
  within: duration({ from: '1s', to: '1h' }).prefault('20s').describe('How soon calls are to be answered.'),
  share: share(1, 99.9).prefault('80%').describe('How many of them.'),
});

export const planningSchema = z
  .strictObject({
    profile: profile()
      .prefault('moderate')
      .describe('How much users call outside in the busy hour: once (`light`), twice or three times (`heavy`).'),
    hold: hold().prefault('3m').describe('How long a call lasts on average.'),
    blocking: share(0.001, 50).prefault('1%').describe('How many calls may find no line.'),
    growth: share(0, 1000).prefault('0%').describe('By how much traffic will have grown.'),
    codec: quoted(true).prefault('PCMA').describe('In which calls are spoken, by its name in SDP.'),
    ptime: duration({ from: '5ms', to: '120ms' }).prefault('20ms').describe('How much of a call a packet carries.'),
    srtp: flag().prefault('false').describe('Media is encrypted.'),
    tunnel: z.enum(tunnelKinds).optional().describe('What calls run through; nothing unless given.'),
    currency: quoted(false).optional().describe('What all prices are in.'),
    sites: oneOrMany(sitePlanning).optional().describe('What is known of sites beside their settings.'),
    queues: oneOrMany(queuePlanning).optional().describe('People who answer calls in turn.'),
  })
  .meta({ id: 'planning', description: 'What `tandem plan` reckons with (docs/planning.md). No call depends on it.' });

export type PlanningEntry = z.output<typeof planningSchema>;
