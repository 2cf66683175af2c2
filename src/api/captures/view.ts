import { z } from 'zod';
import type { MediaCapture } from '#engine/ports';
import { iso } from '../time.ts';

/** A copy of media, as a call's page and its record have it. */
export const captureSchema = z
  .object({
    name: z.string().describe('Of its file, and of what is downloaded.'),
    by: z.string(),
    reason: z.string().describe('Why he wanted it.'),
    keys: z.literal(true).optional().describe('The keys that were pressed can be read in it.'),
    limits: z
      .object({ seconds: z.number(), size: z.int().describe('Octets.') })
      .optional()
      .describe('At most so much.'),
    continues: z
      .string()
      .optional()
      .describe('`name` of the copy that this one goes on from: the call before became this one by a transfer.'),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional().describe('Absent: it goes on.'),
    why: z
      .enum(['stopped', 'time', 'size', 'closed', 'failed', 'lost'])
      .optional()
      .describe(
        'Why it ended: somebody stopped it, a limit was reached, its call ended, its file could not be written, or the media process died.',
      ),
    detail: z.string().optional().describe('Of `failed`.'),
    packets: z.int().optional(),
    dropped: z.int().optional().describe('Packets that are not in it, since the disk did not keep up.'),
    octets: z.int().optional().describe('Of its file.'),
  })
  .meta({ id: 'MediaCapture', description: 'A copy of the media of a call in a file.' });
export type CaptureView = z.infer<typeof captureSchema>;

export function captureView({ startedAt, endedAt, most, armed: _, ending: __, ...rest }: MediaCapture): CaptureView {
  return {
    ...rest,
    ...(most && { limits: { seconds: most.ms / 1000, size: most.octets } }),
    startedAt: iso(startedAt),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
  };
}
