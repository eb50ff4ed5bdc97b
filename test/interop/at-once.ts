/** Does `work` so many times, `width` of them at once. */
export const atOnce = async (
  width: number,
  times: number,
  work: () => Promise<void>,
): Promise<void> => {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
};
