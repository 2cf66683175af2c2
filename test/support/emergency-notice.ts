import type { EmergencyNotice } from '#engine/ports';

/** Of a call for help from a house with floors, by somebody whose name is not ASCII. */
export const notice: EmergencyNotice = {
  call: '0198a',
  at: Date.UTC(2026, 10, 23, 7),
  test: false,
  number: '911',
  caller: '+12175550101',
  name: 'Zoë',
  source: 'pbx',
  site: 'hq',
  location: { name: 'hq-2', address: 'floor 2, 1 Main St', civic: { country: 'US', FLR: '2' } },
  trunk: 'e911-a',
};
