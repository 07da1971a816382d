/** Works on several items at once and yields the answers in the order of the items; `ahead` of them are held at most. */
export async function* inOrder<In, Out>(
  items: Iterable<In> | AsyncIterable<In>,
  ahead: number,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const underWay: Promise<Out>[] = [];
  for await (const item of items) {
    const answer = work(item);
    // Its failure is seen when its turn comes.
    answer.catch(() => undefined);
    underWay.push(answer);
    if (underWay.length >= ahead) yield underWay.shift()!;
  }
  yield* underWay;
}
