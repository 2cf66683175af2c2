import type { Schemas } from '../../api/client.ts';
import type { Tone } from '../../parts/state-badge.tsx';

export const tones: Readonly<Record<Schemas['Webhook']['state'], Tone>> = {
  good: 'good',
  failing: 'bad',
  disabled: 'quiet',
  new: 'accent',
};

export const deliveryTones: Readonly<Record<Schemas['WebhookDelivery']['state'], Tone>> = {
  taken: 'good',
  waiting: 'accent',
  failed: 'bad',
  dropped: 'warn',
};
