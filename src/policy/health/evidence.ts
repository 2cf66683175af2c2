/** One thing learned of a target: by OPTIONS, by a call, or by its transport. */
export type Evidence =
  /** A final response to OPTIONS. Whatever its status, the peer lives; but for 503 and 408, which count as unanswered. */
  | { readonly kind: 'options-answered'; readonly status: number /** Ms. */; readonly roundTrip: number }
  | { readonly kind: 'options-unanswered' }
  /** An INVITE goes there: where the target is tried again after having been down, others wait for what becomes of it. */
  | { readonly kind: 'call-sent' }
  /** More than a 100 came back: ringing, progress or any final response. */
  | { readonly kind: 'call-progress' }
  /** Nothing came back but silence, or a 100. */
  | { readonly kind: 'call-unanswered'; readonly detail: string }
  /** It is certain that nobody can be reached there: refused, ICMP, DNS, TLS. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** It asked to be left alone: 503 with Retry-After, to OPTIONS or a call. */
  | { readonly kind: 'cooling'; readonly forMs: number; readonly detail: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly detail: string };

/** The evidence in words, for people. */
export function describeEvidence(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'options-answered':
      return `OPTIONS answered ${evidence.status} in ${Math.round(evidence.roundTrip)} ms`;
    case 'options-unanswered':
      return 'OPTIONS unanswered';
    case 'call-sent':
      return 'call sent';
    case 'call-progress':
      return 'call made progress';
    case 'call-unanswered':
      return withDetail('call unanswered', evidence.detail);
    case 'unreachable':
      return withDetail('unreachable', evidence.detail);
    case 'cooling':
      return evidence.detail;
    case 'connected':
      return 'connected';
    case 'disconnected':
      return withDetail('disconnected', evidence.detail);
  }
}

export function withDetail(what: string, detail: string): string {
  return detail === '' ? what : `${what}: ${detail}`;
}

/** "12:04:31", UTC. `wall` is Unix ms. */
export function clockTime(wall: number): string {
  return new Date(wall).toISOString().slice(11, 19);
}
