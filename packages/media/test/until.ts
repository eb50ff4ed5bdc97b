/** Lets sockets deliver until `happened`; the test's own time limit is the only one. */
export const until = async (happened: () => boolean): Promise<void> => {
  while (!happened()) await new Promise((turn) => setImmediate(turn));
};
