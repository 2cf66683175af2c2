/** An RTP profile: RTP/AVP (RFC 3551), RTP/SAVP (RFC 3711), RTP/AVPF (RFC 4585), RTP/SAVPF (RFC 5124). */
export interface RtpProfile {
  readonly secure: boolean;
  readonly feedback: boolean;
}

const profiles: ReadonlyMap<string, RtpProfile> = new Map([
  ['RTP/AVP', { secure: false, feedback: false }],
  ['RTP/SAVP', { secure: true, feedback: false }],
  ['RTP/AVPF', { secure: false, feedback: true }],
  ['RTP/SAVPF', { secure: true, feedback: true }],
]);

/** The profile that a transport protocol of m= names; undefined for any other, RTP over DTLS or TCP among them. */
export function profileOf(protocol: string): RtpProfile | undefined {
  return profiles.get(protocol);
}

export function protocolOf({ secure, feedback }: RtpProfile): string {
  return `RTP/${secure ? 'S' : ''}AVP${feedback ? 'F' : ''}`;
}
