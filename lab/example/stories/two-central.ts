import { reaches, type Scene, within } from './story.ts';

/** Seconds: what a trunk has for its set-up, and a second for the set-up of the next one. */
const failover = 11;

/** One of two central sites loses its trunk, and then itself. */
export async function twoCentral(scene: Scene): Promise<void> {
  const { stage, tell } = scene;
  await stage.deafen('itsp-dublin');
  tell.happens('The provider of Dublin says nothing any more: its machine stands, and its program hangs.');
  await reaches(scene, ['pbx-dublin', '+442079460123', 'itsp-seattle'], 'Dublin calls Europe', failover);
  await reaches(scene, ['niamh', '+442079460123', 'itsp-seattle'], 'so does a phone there', failover);
  await reaches(scene, ['itsp-seattle', '+35315312345', 'pbx-dublin'], 'Dublin is called by the provider of Seattle');

  await stage.killNode('dublin');
  tell.happens('The node of Dublin is dead.');
  const seattle = { by: 'seattle' };
  await reaches(scene, ['pbx-dublin', '+442079460123', 'itsp-seattle'], 'its PBX speaks to Seattle', failover, seattle);
  await reaches(scene, ['itsp-seattle', '+35315312345', 'pbx-dublin'], 'and is called by way of Seattle', failover);
  const taken = await within(20, async () => (await stage.register('niamh', 'seattle')) === 200);
  tell.is(
    taken !== undefined,
    `the phone is registered at Seattle, ${(taken ?? 20).toFixed(1)} s after it asked first`,
  );
  await reaches(scene, ['niamh', '+442079460123', 'itsp-seattle'], 'it calls Europe', failover, seattle);
  await reaches(scene, ['itsp-seattle', '+35315312399', 'niamh'], 'it is called');

  await stage.startNode('dublin');
  tell.happens('The node of Dublin is there again.');
  const sent = await within(20, async () => (await stage.register('niamh', 'seattle')) === 302);
  tell.is(sent !== undefined, `Seattle sends the phone home, ${(sent ?? 20).toFixed(1)} s after that`);
  tell.is((await stage.register('niamh')) === 200, 'it registers at Dublin');
  await reaches(scene, ['itsp-seattle', '+35315312399', 'niamh'], 'and is called there by the provider of Seattle');
}
