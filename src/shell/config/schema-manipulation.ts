import { z } from 'zod';
import { leaf, name } from './leaves.ts';
import { fault } from './problems.ts';
import { oneOrMany } from './schema-forms.ts';

/** Rules that change messages; what they may do is told by `ruleFaults`, and docs/manipulation.md explains it. */

const words = (title: string, examples: readonly string[] = []) =>
  leaf(
    (text) =>
      text.length <= 1024 && !/\p{Cc}/u.test(text)
        ? { value: text }
        : fault('TDM-1114', 'this is not one line of at most 1024 characters.'),
    { title, ...(examples.length > 0 && { examples }) },
  );

const part = () => words('part of a message', ['Diversion', 'From.user', 'request-uri.host']);
const pattern = () => words('regular expression', ['^0(.*)$']);
const value = () => words('value', ['+49$1', '<sip:{account}@{our-host}>']);

const method = () =>
  leaf(
    (text) =>
      /^[A-Za-z0-9.!%*_+`'~-]{1,32}$/.test(text)
        ? { value: text.toUpperCase() }
        : fault('TDM-1114', `"${text.slice(0, 40)}" is not a method.`, 'Write one such as INVITE.'),
    { title: 'method', examples: ['INVITE', 'REGISTER'] },
  );

/** 180, 500-599, 18x, 4xx. */
const anyStatuses = () =>
  leaf(
    (text) => {
      const match = /^([1-6])(\d\d|\dx|xx)(?: ?- ?([1-6]\d\d))?$/i.exec(text);
      const at = (digit: string) => Number(`${match![1]}${match![2]!.toLowerCase().replaceAll('x', digit)}`);
      const [from, to] = match ? [at('0'), match[3] === undefined ? at('9') : Number(match[3])] : [1, 0];
      return match && from <= to
        ? { value: { from, to } }
        : fault('TDM-1114', `"${text.slice(0, 40)}" is not a status.`, 'Write 183, 18x, 4xx or 500-599.');
    },
    { title: 'statuses of any kind', examples: ['183', '18x', '500-599'] },
  );

const media = () => words('media type', ['audio', 'video', 'session']);

const condition = z.strictObject({
  part: part().describe(
    'What is looked at: a header field, a part of one, `method`, `status`, `caller`, `called`, `codec`, `media`, `body-type`, `sdp`.',
  ),
  is: z.enum(['present', 'absent']).optional().describe('Whether it is there.'),
  matches: pattern().optional().describe('One of its values matches this.'),
  not: pattern().optional().describe('None of its values matches this.'),
});

const step = z.strictObject({
  add: part().optional().describe('One more header field, with `value`.'),
  set: part().optional().describe('In place of what there is, `value`.'),
  remove: part().optional().describe('Takes it away; with `matching`, values that match. `X-*`: all that begin so.'),
  replace: part().optional().describe('What `matching` takes of its values becomes `with`.'),
  copy: part().optional().describe('Its value goes to `to`.'),
  'sdp-add': value().optional().describe('A line of SDP, a= or b=.'),
  'sdp-remove': pattern().optional().describe('Lines of SDP that match go.'),
  'sdp-replace': pattern().optional().describe('What this takes of lines of SDP becomes `with`.'),
  status: leaf(
    (text) =>
      /^[1-6]\d\d$/.test(text) ? { value: Number(text) } : fault('TDM-1114', `"${text.slice(0, 40)}" is not a status.`),
    { title: 'number' },
  )
    .optional()
    .describe('A response gets this status, where it is of the same class.'),
  value: value().optional().describe('With `add` and `set`.'),
  to: part().optional().describe('With `copy`.'),
  matching: pattern().optional().describe('With `remove` and `replace`.'),
  with: value().optional().describe('With `replace` and `sdp-replace`.'),
  media: media().optional().describe('With the steps of SDP: of this media type alone, or of the `session`.'),
  phrase: words('text').optional().describe('With `status`; the usual one unless given.'),
});

const rule = z.strictObject({
  name: name().describe('What it is called in the decision trace.'),
  direction: z
    .enum(['in', 'out'])
    .describe('`in`: what comes from the trunk, before anything is made of it. `out`: what goes there, last of all.'),
  methods: oneOrMany(method()).optional().describe('Requests of these, and responses to them. Any unless given.'),
  of: z.enum(['requests', 'responses']).optional().describe('Both unless given.'),
  statuses: oneOrMany(anyStatuses()).optional().describe('Responses of these alone.'),
  dialog: z
    .enum(['outside', 'inside'])
    .optional()
    .describe('What may begin a dialog (the first INVITE), or what stands in one (a re-INVITE). Both unless given.'),
  call: z
    .enum(['from-trunk', 'to-trunk'])
    .optional()
    .describe('Of calls that come from the trunk, or go there. All unless given.'),
  when: oneOrMany(condition).optional().describe('What has to hold besides: all of it.'),
  do: oneOrMany(step).describe('What is done, one after the other.'),
});

export const manipulation = () => oneOrMany(rule);

export type RuleEntry = z.output<typeof rule>;
export type StepEntry = z.output<typeof step>;
