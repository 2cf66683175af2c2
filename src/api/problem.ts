import { z } from 'zod';

/** What went wrong, for programs and people (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe('What kind of problem: a page of the manual, or `about:blank`.'),
    title: z.string().describe('The kind, in a few words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().optional().describe('What exactly went wrong, and what to do.'),
    errors: z
      .array(
        z.object({
          place: z.string().describe('Where: a field of the request, or a place in the configuration.'),
          code: z
            .string()
            .optional()
            .describe('`TDM-1104`: `tandem explain` says more; or a word of the route, such as `key-mismatch`.'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Each thing that is wrong, where there are several.'),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });
export type ProblemBody = z.infer<typeof problemSchema>;

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'Who are you?',
  403: 'You may not do that',
  404: 'There is no such thing',
  408: 'It took too long',
  409: 'Not in this state',
  412: 'It has changed meanwhile',
  413: 'Too large',
  415: 'Not in this form',
  421: 'Not asked by this name',
  422: 'It cannot be done as it stands',
  428: 'Say which version you have seen',
  429: 'Too many requests',
  431: 'Too large',
  500: 'A fault of our own',
  502: 'The signalling process does not answer as it should',
  503: 'Not now',
};

/** Thrown anywhere in a handler: it becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: ProblemBody['errors'];

  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, detail: string, errors?: ProblemBody['errors'], retryAfter?: number) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

export function bodyOf(status: number, detail: string | undefined, errors?: ProblemBody['errors']): ProblemBody {
  return {
    type: 'about:blank',
    title: titles[status] ?? (status < 500 ? 'The request cannot be served' : 'A fault of our own'),
    status,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors }),
  };
}
