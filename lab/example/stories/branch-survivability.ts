import { begins, reaches, type Scene, within } from './story.ts';

/** The link between the centre and its branch is cut while people talk, and mended. */
export async function branchSurvivability(scene: Scene): Promise<void> {
  const { stage, tell } = scene;
  const network = scene.network!;
  const own = await begins(scene, ['hanna', '04012345', 'itsp-hamburg'], 'Hanna calls by the trunk of the branch');
  const central = await begins(scene, ['hugo', '00442079460123', 'itsp-berlin'], 'Hugo calls by way of the centre');

  network.cut();
  tell.happens('The link is cut. Nobody is told.');
  // Before it is missed: whoever is asked has two seconds.
  await reaches(scene, ['heidi', '00442079460123', 'itsp-hamburg'], 'at that moment Heidi calls abroad', 4);
  tell.is(await own.isHeardNow(), 'Hanna talks on by the trunk of the branch');
  tell.is(!(await central.isHeardNow()), 'Hugo hears nobody any more, and hangs up');
  await central.hangUp();
  await reaches(scene, ['hugo', '00442079460123', 'itsp-hamburg'], 'Hugo calls again', 4);
  await reaches(scene, ['hugo', '203', 'heidi'], 'he calls Heidi, by three digits');
  await reaches(scene, ['itsp-hamburg', '+494023125202', 'hugo'], 'the branch is called by its own trunk');
  await reaches(
    scene,
    ['itsp-berlin', '+494023125201', 'itsp-berlin'],
    'by the centre it is called: Hanna has her mobile phone for that',
  );
  await reaches(scene, ['bert', '+494023125202', 'itsp-berlin'], 'Bert in Berlin calls Hugo: by the public network');
  tell.is(await own.isHeardNow(), 'Hanna talks on');

  network.mend();
  tell.happens('The link is there again. Nobody does anything.');
  const finds = (from: string, to: string, name: string) => async () => {
    const call = await stage.dial(from, to);
    await call.hangUp();
    return call.reached?.name === name;
  };
  const out = await within(20, finds('heidi', '00442079460123', 'itsp-berlin'));
  tell.is(out !== undefined, `calls abroad leave by the centre again, ${(out ?? 20).toFixed(1)} s after that`);
  const into = await within(20, finds('itsp-berlin', '+494023125202', 'hugo'));
  tell.is(
    into !== undefined,
    `who is called at the centre is found at the branch, ${(into ?? 20).toFixed(1)} s after that`,
  );
  await reaches(scene, ['bert', '+494023125202', 'hugo'], 'Bert calls Hugo within the house');
  tell.is(await own.isHeardNow(), 'Hanna talks on, as if nothing had been');
  await own.hangUp();
}
