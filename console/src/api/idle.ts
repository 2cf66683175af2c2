/** Ms after the last sign of somebody for which what is asked counts as his. */
const patience = 30_000;
let last = Date.now();
for (const sign of ['pointerdown', 'keydown', 'wheel'] as const)
  addEventListener(
    sign,
    () => {
      last = Date.now();
    },
    { passive: true, capture: true },
  );

/** Whether nobody did anything here for a while. */
export function isIdle(): boolean {
  return Date.now() - last > patience;
}
