/** Turn taking for things that may be asked for many times at once. */

/** Return a function that runs `work`; calls during a run share one further run, so the last change is always seen. */
export function once(work) {
  let running = null;
  let again = null;
  const start = () => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    again ??= running.catch(() => {}).then(() => {
      again = null;
      return start();
    });
    return again;
  };
}
