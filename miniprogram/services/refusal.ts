// Two ways in which the office does not answer as hoped, and they are never mixed up:
// a Refusal is the office's word; Unreachable means that nobody knows whether the request arrived.
export interface Problem {
  code: string
  message_zh: string
  hint_zh: string
  status: number
  retry: 'never' | 'same' | 'later'
  retry_after?: number
  fields?: { field: string; message_zh: string }[]
  [more: string]: unknown
}

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message_zh)
    this.name = 'Refusal'
  }
  get code(): string {
    return this.problem.code
  }
  get status(): number {
    return this.problem.status
  }
  /** Worth repeating as it is, at once or later. */
  get mayRepeat(): boolean {
    return this.problem.retry !== 'never'
  }
}

export class Unreachable extends Error {
  /** `status` is what something between us and the office answered, 0 if nothing did; `seconds` when it asks to come back. */
  constructor(reason: string, readonly status = 0, readonly seconds?: number) {
    super(reason)
    this.name = 'Unreachable'
  }
  get isAway(): boolean {
    return this.status >= 500
  }
}

/** The phone itself will not: no permission, no room. The words say what to do on the phone. */
export class PhoneWillNot extends Error {
  constructor(readonly title: string, readonly hint: string) {
    super(title)
    this.name = 'PhoneWillNot'
  }
}

export const NO_ROOM = ['手机给小程序的空间满了，这张照片没有保存。', '请等前面的上报送达，或到“还没有送达”里删掉不要的草稿，再拍一次。'] as const
export const NO_CAMERA = ['没有使用相机和相册的权限，照片没有拍成。', '请点右上角“…”里的“设置”，允许使用摄像头；手机系统也要在“设置—微信”里允许相机和照片。'] as const

export const NO_ALBUM = ['没有使用相册的权限，没有选上照片。', '请点右上角“…”里的“设置”，允许使用相册；手机系统也要在“设置—微信”里允许照片。'] as const

export interface Told {
  title: string
  hint: string
}

/** What to show for anything that went wrong: what happened, and what to do. */
export function wordsOf(error: unknown): Told {
  if (error instanceof Unreachable && error.isAway) return { title: '改革办的系统正在恢复。', hint: '内容已保存在手机上，过一会儿再试。' }
  if (error instanceof Unreachable) return { title: '现在连不上网络。', hint: '内容已保存在手机上，有信号时可以继续。' }
  if (error instanceof PhoneWillNot) return { title: error.title, hint: error.hint }
  if (!(error instanceof Refusal)) return { title: '这一步没有完成。', hint: '请退出小程序重新打开再试。' }
  const first = error.problem.fields?.[0]
  const hint = first ? `${error.problem.hint_zh}${first.message_zh}` : error.problem.hint_zh
  return { title: error.problem.message_zh, hint }
}

export interface Trouble extends Told {
  /** Looking again may help; a tap on it is offered. */
  again: boolean
}

/** What a page shows instead of what it was opened for. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable && error.isAway) return { title: '改革办的系统正在恢复。', hint: '请过一会儿再试一次。', again: true }
  if (error instanceof Unreachable) return { title: '现在连不上网络。', hint: '有信号后会自动再试，您写过的内容都在手机上。', again: true }
  return { ...wordsOf(error), again: error instanceof Refusal && error.mayRepeat }
}

/** Tell it in a dialog; for deeds that the person has just asked for. */
export async function tell(error: unknown): Promise<void> {
  const told = wordsOf(error)
  await wx.showModal({ title: told.title, content: told.hint, showCancel: false, confirmText: '知道了' })
}
