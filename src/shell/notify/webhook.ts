import { signature, signatureHeader, timestampHeader } from '#codec/signed-post';
import { describeNotice, type EmergencyNotice, type Notify } from '#engine/ports';

export type Webhook = Extract<Notify, { kind: 'webhook' }>;

/** What is posted, as JSON: the notice, and what people read of it. */
function webhookBody(notice: EmergencyNotice): string {
  return JSON.stringify({
    event: notice.test ? 'emergency-test' : 'emergency-call',
    text: describeNotice(notice),
    ...notice,
  });
}

/** Posts it once. Rejects with why it was not taken. `now`: Unix ms. */
export async function post(
  { url, secret }: Webhook,
  notice: EmergencyNotice,
  { now, patience, signal }: { readonly now: number; readonly patience: number; readonly signal: AbortSignal },
): Promise<void> {
  const body = webhookBody(notice);
  const timestamp = String(Math.floor(now / 1000));
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'tandem',
    // Of one call whichever comes first counts: it is posted again when nobody has said that it came.
    'Idempotency-Key': notice.call,
    [timestampHeader]: timestamp,
  };
  if (secret) headers[signatureHeader] = signature(secret.reveal(), timestamp, body);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answers ${response.status}`);
}
