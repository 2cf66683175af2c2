/** Has acts done one after the other, each when the one before it is over, however that ended. */
export function oneByOne(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    last = mine.catch(() => {}); // Who asked hears of it; the next one begins either way.
    return mine;
  };
}
