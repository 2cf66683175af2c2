import { reaches, type Scene } from './story.ts';

/** The centre is gone: the branch never needed it for its own trunk. */
export async function distributed(scene: Scene): Promise<void> {
  const { stage, tell } = scene;
  await stage.killNode('berlin');
  tell.happens('The node of the centre is dead.');
  await reaches(scene, ['hanna', '+442079460123', 'itsp-hamburg'], 'a phone of the branch calls out');
  await reaches(scene, ['pbx-hamburg', '+442079460123', 'itsp-hamburg'], 'so does its PBX');
  await reaches(scene, ['itsp-hamburg', '+494023125100', 'pbx-hamburg'], 'it is called');
  await reaches(scene, ['itsp-hamburg', '+494023125201', 'hanna'], 'and so are its phones');
  // Whoever would leave by the centre first waits for it: two seconds, and no more when it is missed.
  await reaches(
    scene,
    ['otto', '+442079460123', 'itsp-hamburg'],
    'who has the minutes of the centre calls by the branch',
    4,
  );
}
