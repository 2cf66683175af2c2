import { begins, reaches, type Scene } from './story.ts';

/** A node of the pool with the trunk dies. */
export async function standAlonePool(scene: Scene): Promise<void> {
  const { stage, tell } = scene;
  const by2 = { by: 'edge-2' };
  await reaches(scene, ['itsp', '+493023125500', 'ann'], 'the provider calls by the other node of the pool', 2, by2);
  const inside = await begins(scene, ['lobby', '500', 'ann'], 'the lobby calls Ann');
  await stage.killNode('edge-1');
  tell.happens('A node of the pool is dead.');
  tell.is(await inside.isHeardNow(), 'who talks within the house talks on');
  await inside.hangUp();
  // Nobody knows yet: whoever is asked has two seconds to say that he has heard.
  await reaches(scene, ['ann', '000442079460123', 'itsp'], 'at that moment Ann calls abroad', 4);
  await reaches(scene, ['ann', '000442079460123', 'itsp'], 'and again', 4);
  await reaches(scene, ['itsp', '+493023125500', 'ann'], 'she is called', 2, by2);
}
