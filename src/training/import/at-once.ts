/** Works on several items at a time, in their order; the first error ends it. */
export async function atOnce<T>(
  count: number,
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const next = iteratorOf(items);
  let failed = false;
  const worker = async () => {
    for (let item = await next(); !failed && item.done !== true; item = await next()) await work(item.value);
  };
  await Promise.all(
    Array.from({ length: count }, () =>
      worker().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
}

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>): () => Promise<IteratorResult<T>> {
  if (Symbol.asyncIterator in items) {
    const iterator = items[Symbol.asyncIterator]();
    return () => iterator.next();
  }
  const iterator = items[Symbol.iterator]();
  return async () => iterator.next();
}
