// Trying again while the program is open: soon at first, then less and less often, never before the office wants it.
// In the background WeChat stops everything after five seconds, so there is no trying there.
const PAUSES_S = [3, 6, 12, 24, 48, 96, 180]
let carry: () => void = () => undefined
let failures = 0
let timer: ReturnType<typeof setTimeout> | null = null
let at = 0
let isOpen = true

/** What is done at each try: everything that lies on the phone for the office is carried there. */
export function carryBy(act: () => void): void {
  carry = act
}

/** Try again after the next pause, or after `seconds` if the office named some and they are more. */
export function tryAgain(seconds = 0): void {
  const pause = PAUSES_S[Math.min(failures, PAUSES_S.length - 1)]
  failures += 1
  tryAt(Date.now() + Math.max(pause, seconds) * 1000)
}

/** Try at an instant that is known, unless a try comes before it anyway. */
export function tryAt(instant: number): void {
  if (timer && at <= instant) return
  stop()
  at = instant
  if (isOpen) timer = setTimeout(begin, Math.max(0, instant - Date.now()))
}

/** The line carried something: the next failure is a first one. */
export function itWorked(): void {
  failures = 0
}

/** The program came back, or went to the background. */
export function setOpen(open: boolean): void {
  isOpen = open
  if (!open) stop()
}

function begin(): void {
  timer = null
  carry()
}

function stop(): void {
  if (timer) clearTimeout(timer)
  timer = null
}

// Nothing more may be promised than WeChat lets a program keep.
export const RETRY_WORDS = '请让小程序开着，信号恢复后会自动发送；切走或关掉就暂停，下次打开时接着发。'
