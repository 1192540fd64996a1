// How many messages are unread: whoever learns it tells it here, the tab bar shows it.
let known = 0
const watchers = new Set<() => void>()

export const unread = (): number => known

export function noteUnread(count: number): void {
  if (count === known) return
  known = count
  watchers.forEach((tell) => tell())
}

export function onUnread(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}
