// Elder mode: large text and few choices. Follows WeChat's own font setting until the person chooses.
import { shelf } from './store'

export type ElderChoice = 'follow' | 'on' | 'off'
const LARGE = 20 // WeChat's font setting in px; 16 or 17 is the middle of its slider

const chosen = shelf<ElderChoice>('elder', 'follow')
const watchers = new Set<() => void>()
let fontSize = 16

/** Read WeChat's font setting; it can only change while the mini-program is away. */
export function startLooks(): void {
  fontSize = wx.getAppBaseInfo().fontSizeSetting ?? 16
}

export const elderChoice = (): ElderChoice => chosen.get()

export function isElder(): boolean {
  const choice = chosen.get()
  return choice === 'follow' ? fontSize >= LARGE : choice === 'on'
}

export function chooseElder(choice: ElderChoice): void {
  chosen.set(choice)
  watchers.forEach((tell) => tell())
}

export function onLooks(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}
