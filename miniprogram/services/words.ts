// Dates and kinds in plain Chinese. Business dates are the office's: Asia/Shanghai, whatever the phone thinks.
const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
const SHANGHAI_MS = 8 * 3_600_000

export const KINDS = [
  { value: 'problem', label: '反映问题' },
  { value: 'help_request', label: '请求帮助' },
  { value: 'good_practice', label: '好做法' },
] as const
export type Kind = (typeof KINDS)[number]['value']

export const kindWords = (kind: string): string => KINDS.find((one) => one.value === kind)?.label ?? ''

/** 10月12日（周一） of a date 2026-10-12 or an instant. */
export function dayWords(value: string): string {
  const day = shanghai(value)
  if (!day) return ''
  return `${day.getUTCMonth() + 1}月${day.getUTCDate()}日（周${WEEKDAYS[day.getUTCDay()]}）`
}

/** 10月12日 14:05 of an instant. */
export function momentWords(value: string): string {
  const at = shanghai(value)
  if (!at) return ''
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

/** The day of an instant whose hour is not told: 11月22日. */
export const dayOfMomentWords = (value: string): string => momentWords(value).split(' ')[0] ?? ''

/** Now, as the wire wants it. */
export const nowText = (): string => new Date().toISOString()

/** Milliseconds since 1970 of an instant. */
export function instantMs(value: string): number {
  const at = shanghai(value)
  return at ? at.getTime() - SHANGHAI_MS : NaN
}

// iOS reads only some spellings of a date, so the parts are taken by hand.
function shanghai(value: string): Date | null {
  const part = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(value)
  if (!part) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = part
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (!zone) return new Date(at)
  return new Date(at - offsetMs(zone) + SHANGHAI_MS)
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}
