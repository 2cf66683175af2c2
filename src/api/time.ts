/** Unix ms as the API writes times (RFC 3339). */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
