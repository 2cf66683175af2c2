/** How often a property is tried: `npm run fuzz` raises it (TANDEM_FUZZ is the factor), every run with a fresh seed that a failure prints. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Math.round(usual * Number(process.env.TANDEM_FUZZ ?? 1)) };
}
