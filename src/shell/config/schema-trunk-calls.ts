import { z } from 'zod';
import { ringbackTones } from '#codec/tones';
import { count, duration } from './leaves.ts';
import { passing } from './leaves-passes.ts';
import { codec, flag } from './leaves-sip.ts';
import { oneOrMany, shortFor, shortForList } from './schema-forms.ts';
import { manipulation } from './schema-manipulation.ts';
import { quality } from './schema-quality.ts';

/** The keys of a trunk that say how calls behave on it, whatever the other side of a call does. */

const codecs = shortForList(
  'allow',
  z.strictObject({
    allow: oneOrMany(codec())
      .optional()
      .describe(
        'What passes of audio, best first; `all` for whatever is offered. For an itsp `[PCMA, PCMU, telephone-event, CN]`, else `all`, unless given.',
      ),
    ptime: duration({ from: '5ms', to: '200ms' })
      .optional()
      .describe('How much audio it is asked to put into a packet; as the other side asks unless given.'),
  }),
)
  .optional()
  .describe('The codecs of audio on the trunk. A call of which nothing is left gets 488.');

const hold = z
  .enum(['sendonly', 'inactive', 'zero-address'])
  .optional()
  .describe(
    'How it is told that a call is held: by a direction (RFC 3264 8.4), by `inactive` alone, or by the address 0.0.0.0 (RFC 2543). As the other side says it unless given.',
  );

const media = oneOrMany(z.enum(['audio', 'video', 'image', 'text', 'application', 'message']))
  .optional()
  .describe('The media types that it takes; streams of others go with port 0. All unless given.');

const fax = z
  .enum(['t38', 'audio'])
  .optional()
  .describe(
    '`t38`: a call may become a fax by T.38. `audio`: it may not, an offer of T.38 gets 488, and faxes go as G.711. As `media` says unless given.',
  );

const offer = z
  .enum(['early', 'delayed'])
  .optional()
  .describe(
    '`early`: an INVITE to it always brings an offer, one of ours where the caller makes none. `delayed`: it never does, and the answer to it brings one. As the caller has it unless given.',
  );

const reliability = z
  .enum(['off', 'supported', 'required'])
  .optional()
  .describe('Reliable provisional responses with it (RFC 3262). `supported` unless given.');

const maxEarlyDialogs = count(1, 20)
  .optional()
  .describe(
    'How many early dialogs a call of its own may have: where the far side forks, one for each. 20 unless given.',
  );

const sessionTimer = shortFor(
  'mode',
  z.strictObject({
    mode: z
      .enum(['off', 'answer', 'offer'])
      .prefault('answer')
      .describe("`off`: none, and a peer's is not taken up. `answer`: where it asks. `offer`: we ask for one."),
    expires: duration({ from: '90s', to: '24h' })
      .prefault('30m')
      .describe('The interval that is offered, and the longest that is agreed on.'),
    minimum: duration({ from: '90s', to: '24h' })
      .prefault('90s')
      .describe('The shortest interval that is taken; less gets 422.'),
    refresher: z
      .enum(['us', 'peer', 'either'])
      .prefault('either')
      .describe('Who is to refresh, where that is ours to say.'),
    method: z
      .enum(['update', 'invite', 'either'])
      .prefault('either')
      .describe('What our refreshes are: `either` is UPDATE where the peer takes it, else a re-INVITE.'),
  }),
)
  .optional()
  .describe('How it is found out that a peer is gone in the middle of a call (RFC 4028). `answer` unless given.');

const callerIdentity = z
  .strictObject({
    trusted: flag()
      .optional()
      .describe(
        'Whether it is believed who it says that calls, and told who wants to stay private (RFC 3325). `false` for an itsp, `true` for the others, unless given.',
      ),
    header: z
      .enum(['p-asserted-identity', 'p-preferred-identity', 'remote-party-id', 'none'])
      .prefault('p-asserted-identity')
      .describe('Where the caller is named to it beside From.'),
    history: z
      .enum(['history-info', 'diversion', 'both', 'none'])
      .prefault('history-info')
      .describe('How it is told that a call was forwarded.'),
    privacy: z
      .enum(['header', 'anonymous'])
      .optional()
      .describe(
        'A caller who wants to stay private is named to it beside From with Privacy (`header`, of a trusted trunk), or not at all (`anonymous`). `header` unless given.',
      ),
  })
  .optional()
  .describe('Who calls: what is believed of it, and how it is told.');

const ringback = z
  .enum(['far', 'phone', 'tone'])
  .optional()
  .describe(
    'Who lets a caller of this trunk hear that it rings (RFC 3960): the `far` side where it sends media; always his `phone`; or we by a `tone` where nobody sends media. `far` unless given.',
  );

/** By country: for a trunk, and for all of them. */
export const ringbackTone = () => z.enum(Object.keys(ringbackTones) as [string, ...string[]]);

const transfer = z
  .strictObject({
    refer: z
      .enum(['local', 'passed', 'refused'])
      .optional()
      .describe(
        'A transfer that it asks for (REFER) is carried out by us (`local`), goes on to the other side (`passed`), or is `refused`. `local` unless given, and `passed` where media is not anchored.',
      ),
    redirect: z
      .enum(['local', 'refused'])
      .prefault('refused')
      .describe('A redirection (3xx) of it is followed by our routes (`local`), or counts as a refusal.'),
  })
  .optional()
  .describe('What becomes of calls that it sends elsewhere.');

/** How digits travel. */
export const dtmfForm = () => z.enum(['rtp-event', 'info', 'info-dtmf', 'inband']);

const dtmf = dtmfForm()
  .optional()
  .describe(
    'How digits travel to and from it, whatever the other side does: events in RTP (`rtp-event`, RFC 4733), INFO with `application/dtmf-relay` (`info`) or `application/dtmf` (`info-dtmf`), tones in G.711 (`inband`). As they come unless given.',
  );

const passes = oneOrMany(passing())
  .optional()
  .describe(
    'Requests beside calls that pass to and from it, where the trunk on the other side lets them too: MESSAGE, SUBSCRIBE, PUBLISH, NOTIFY that nobody subscribed to, OPTIONS to numbers, REFER, packages of INFO, others by name; `SUBSCRIBE/presence` for one package alone. None unless given.',
  );

/** As they stand in the file. */
export const callKeys = {
  codecs,
  dtmf,
  media,
  fax,
  hold,
  offer,
  passes,
  quality: quality('None unless given.'),
  reliability,
  'max-early-dialogs': maxEarlyDialogs,
  ringback,
  'ringback-tone': ringbackTone()
    .optional()
    .describe('With `ringback: tone`: the country whose tone he hears. `media.ringback-tone` unless given.'),
  'session-timer': sessionTimer,
  transfer,
  'caller-identity': callerIdentity,
  manipulation: manipulation()
    .optional()
    .describe(
      'Rules that change messages from and to it, in order; those of its profile come before. None unless given.',
    ),
};
