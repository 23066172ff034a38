/** What a promise resolves to, or `undefined` when it has not within so many milliseconds; 0 for no limit. @throws what it rejects with in time */
export async function withinTime<T>(promise: Promise<T>, limit: number): Promise<T | undefined> {
  if (limit <= 0) return promise
  let timer: NodeJS.Timeout | undefined
  const expiry = new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), limit) })
  try {
    return await Promise.race([promise, expiry])
  } finally {
    clearTimeout(timer)
  }
}
