import { createHmac } from 'node:crypto';

/** The header fields of a delivery (Standard Webhooks 1.0). */
export const idHeader = 'webhook-id';
export const timestampHeader = 'webhook-timestamp';
export const signatureHeader = 'webhook-signature';

/**
 * What proves that a message is ours, and is not sent again by somebody else later: HMAC-SHA-256 of id, time and body with each secret
 * (`whsec_` and base64), base64. While a secret is being replaced there are two; one that fits is enough.
 */
export function signatures(
  secrets: readonly string[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
