import { z } from 'zod';
import { ruleSaid, said, saidSchema } from './said.ts';

export const decisionSchema = z
  .object({
    rule: z.string(),
    outcome: z.string(),
    said: z
      .object({ rule: saidSchema.optional(), outcome: saidSchema.optional() })
      .optional()
      .describe('Both in parts, where they are no names.'),
    cure: z
      .string()
      .optional()
      .describe('What would have the rule take the call, where it did not and nothing else did.'),
  })
  .meta({ id: 'Decision', description: 'A rule that was tried, and what came of it.' });
export type DecisionView = z.infer<typeof decisionSchema>;

export function decisionView({ rule, outcome }: { readonly rule: string; readonly outcome: string }): DecisionView {
  const [of, came] = [ruleSaid(rule), said(outcome)];
  return { rule, outcome, ...((of || came) && { said: { ...(of && { rule: of }), ...(came && { outcome: came }) } }) };
}
