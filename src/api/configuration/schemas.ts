import { z } from 'zod';

const path = z.array(z.union([z.string(), z.int()])).min(1);

export const edit = z
  .object({
    path: path.describe('Keys; of what is in a list its name, or its place.'),
    value: z
      .unknown()
      .optional()
      .describe('What is to stand there; nothing when absent. In a list under a name that it has not: at its end.'),
    was: z
      .unknown()
      .optional()
      .describe(
        'What stood there when it was looked at, null for nothing: where something else does, it is a conflict.',
      ),
    before: z
      .union([z.string(), z.int(), z.null()])
      .optional()
      .describe(
        'Of what is in a list: the name, or the place, of what it is to stand before; null: it is to stand at the end. Without a `value` what is there is moved, its comments with it.',
      ),
  })
  .meta({ id: 'Edit', description: 'One change of the configuration file; its comments stay.' });

const finding = z
  .object({
    code: z.string().describe('`TDM-1104`: `tandem explain` says more.'),
    severity: z.enum(['error', 'warning']),
    line: z.int().describe('From 1.'),
    column: z.int().describe('From 1.'),
    place: z.string().describe('`trunk "itsp-a"`.'),
    path: z.string().describe('`trunks[0].addresses[1]`.'),
    message: z.string(),
    cure: z.string(),
  })
  .meta({ id: 'Finding', description: 'What is wrong, or doubtful, in a configuration.' });

export const difference = z
  .object({
    path: z.array(z.string()).describe('Keys, and names of what is in lists.'),
    was: z.unknown().optional().describe('Absent: there was no such thing. Secrets are not shown.'),
    is: z.unknown().optional().describe('Absent: there is no such thing.'),
    effect: z
      .enum(['live', 'new-calls', 'restart'])
      .describe('When it holds: at once; for calls that begin after it; when the signalling process is started again.'),
  })
  .meta({ id: 'Difference', description: 'One thing in which two configurations differ.' });

export const sampleChange = z
  .object({
    name: z.string(),
    was: z.string().optional().describe('What became of the call; absent: it could not be made.'),
    is: z.string().optional(),
    differences: z.array(z.string()).describe('What is expected of it and is not so.'),
  })
  .meta({ id: 'SampleChange', description: 'A sample call (`tests`) of which something else becomes.' });

export const examination = z
  .object({
    sound: z.boolean().describe('Whether it could be committed, sample calls apart.'),
    findings: z.array(finding),
    more: z.int().optional().describe('How many findings there are besides: these are enough to begin with.'),
    differences: z.array(difference).describe('To what runs; empty where it is not sound.'),
    samples: z.array(sampleChange),
  })
  .meta({ id: 'Examination', description: 'What a configuration would mean.' });

export const version = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    who: z.string(),
    reason: z.string(),
    by: z.enum(['commit', 'rollback', 'file']).describe('`file`: somebody wrote the file.'),
    hash: z.string(),
    differences: z.int().describe('In how many things it differs from the one before it.'),
  })
  .meta({ id: 'ConfigurationVersion' });

export const draft = z
  .object({
    base: z.string().describe('The hash of the text that it began with.'),
    outdated: z
      .boolean()
      .describe('The file was changed since: it cannot be committed before it is brought up to date.'),
    at: z.iso.datetime(),
    text: z.string(),
    edits: z.array(edit).optional().describe('How it came to be; absent where it was written as a whole.'),
    examination,
  })
  .meta({ id: 'Draft', description: 'What somebody is changing, and has not committed.' });
