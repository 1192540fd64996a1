// Ballots: every change lies on the phone before it is sent, survives a kill, and is sent when there is a network.
import { device } from './checking_in'
import { newId } from './ids'
import { put } from './door'
import { Refusal, wordsOf } from './refusal'
import { person } from './session'
import { sha256OfText } from './sha256'
import { shelf } from './store'
import { BallotCard, Rubric, VisitStop } from './visits'
import { momentWords, nowText } from './words'

export type Scores = Record<string, string>
export interface Ballot {
  person: string
  visit: string
  stop: string
  scores: Scores
  comment: string
  /** What was asked for last; a submitted ballot never becomes a draft again. */
  state: 'draft' | 'submitted'
  claimed_at: string
  nonce: string
  isSent: boolean
  /** What the office has, as far as this phone knows: what a change was made from. */
  base: { version: number; scores: Scores; comment: string; state: string }
  receipt: { digest: string; agrees: boolean; at: string } | null
  /** Another phone of one's own put other figures here. */
  theirs: Scores | null
  trouble: string
}

const PAUSE_MS = 600
const all = shelf<Ballot[]>('ballots', [])
const NONE = { version: 0, scores: {}, comment: '', state: '' }
let timer: ReturnType<typeof setTimeout> | null = null
const watchers = new Set<() => void>()

const isOf = (one: Ballot, stop: string): boolean => one.stop === stop && one.person === (person()?.id ?? '')
export const ballotAt = (stop: string): Ballot | null => all.get().find((one) => isOf(one, stop)) ?? null
/** Ballots of this person that the office has not in their last wording. */
export const unsentBallots = (): Ballot[] => all.get().filter((one) => one.person === person()?.id && !one.isSent)

/** Hear when something was kept or sent; returns how to stop hearing. */
export function onBallots(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

/** The ballot of a stop as it is on this phone, taken up from the office's where that is newer. */
export function takeUpBallot(visit: string, stop: VisitStop): Ballot {
  const mine = ballotAt(stop.id)
  const theirs = stop.ballot
  if (mine && (!mine.isSent || !theirs || theirs.version <= mine.base.version)) return mine
  return keep({ ...fresh(visit, stop.id), ...(theirs ? asSent(theirs) : {}), receipt: mine?.receipt ?? null })
}

/** Change a ballot; it is on the phone from now on, and sent a moment after the last change. */
export function change(stop: string, changes: Partial<Pick<Ballot, 'scores' | 'comment'>>): Ballot | null {
  const one = ballotAt(stop)
  if (!one) return null
  const kept = keep({ ...one, ...changes, state: 'draft', claimed_at: nowText(), isSent: one.base.state === 'submitted' ? one.isSent : false, trouble: '' })
  if (one.base.state !== 'submitted') soon()
  return kept
}

/** Hand a ballot in; it may be corrected until the lock. */
export async function submit(stop: string): Promise<void> {
  const one = ballotAt(stop)
  if (!one) return
  const nonce = (await newId()).replace(/-/g, '')
  keep({ ...one, state: 'submitted', claimed_at: nowText(), nonce, isSent: false, trouble: '' })
  await sendBallots()
}

/** Choose between one's own figures and those of one's other phone; then it is handed in again by hand. */
export function settle(stop: string, isMine: boolean): void {
  const one = ballotAt(stop)
  if (!one?.theirs) return
  keep({ ...one, scores: isMine ? one.scores : { ...one.scores, ...one.theirs }, theirs: null, isSent: false })
  soon()
}

let sending: Promise<void> | null = null
export function sendBallots(): Promise<void> {
  sending ??= sendAll().finally(() => {
    sending = null
  })
  return sending
}

function soon(): void {
  if (timer) clearTimeout(timer)
  timer = setTimeout(() => void sendBallots(), PAUSE_MS)
}

async function sendAll(): Promise<void> {
  const tried = new Set<string>()
  const next = (): Ballot | undefined => unsentBallots().find((one) => !one.trouble && !one.theirs && !tried.has(tryOf(one)))
  for (let one = next(); one; one = next()) {
    tried.add(tryOf(one))
    try {
      take(one, await put<BallotCard>(`/site-visits/${one.visit}/stops/${one.stop}/ballot`, { body: bodyOf(one), headers: { device: await device() } }))
    } catch (error) {
      if (!(error instanceof Refusal)) return
      if (error.code === 'version_behind') merge(one, (error.problem.ballot as BallotCard | null) ?? null)
      else if (!error.mayRepeat) note(one, wordsOf(error).title + wordsOf(error).hint)
    }
  }
}

const tryOf = (one: Ballot): string => `${one.stop}${one.claimed_at}${one.base.version}`

/** What goes over the wire: at most 1 KiB. */
export function bodyOf(one: Ballot): object {
  const { scores, comment, state, claimed_at, nonce, base } = one
  return { scores, ...(comment ? { comment } : {}), state, base_version: base.version, claimed_at, ...(state === 'submitted' ? { nonce } : {}) }
}

function take(sent: Ballot, told: BallotCard): void {
  const now = ballotAt(sent.stop)
  if (!now) return
  const isSame = now.claimed_at === sent.claimed_at
  const receipt = told.digest ? { digest: told.digest, agrees: told.digest === digestOf(sent.visit, sent.stop, told), at: nowText() } : now.receipt
  keep({ ...now, base: baseOf(told), receipt, isSent: isSame })
}

/** Different criteria are put together and sent; the same one, changed on both phones, is asked about. */
function merge(mine: Ballot, theirs: BallotCard | null): void {
  const now = ballotAt(mine.stop)
  if (!now) return
  if (!theirs) return void keep({ ...now, base: NONE })
  const names = Object.keys({ ...now.scores, ...theirs.scores })
  const isChanged = (scores: Scores, name: string): boolean => scores[name] !== now.base.scores[name]
  const both = names.filter((name) => isChanged(now.scores, name) && isChanged(theirs.scores, name) && now.scores[name] !== theirs.scores[name])
  const scores = Object.fromEntries(names.map((name) => [name, (isChanged(now.scores, name) ? now.scores[name] : theirs.scores[name]) ?? '']).filter(([, score]) => score))
  const clashing = Object.fromEntries(both.map((name) => [name, theirs.scores[name] ?? '']))
  keep({ ...now, scores, comment: now.comment || theirs.comment, base: baseOf(theirs), theirs: both.length ? clashing : null, state: theirs.state === 'submitted' ? 'submitted' : now.state })
}

function note(sent: Ballot, trouble: string): void {
  const now = ballotAt(sent.stop)
  if (now && now.claimed_at === sent.claimed_at) keep({ ...now, trouble })
}

/** The receipt as everybody can compute it: SHA-256 over entry, salt, scores and visit, keys in their order. */
export function digestOf(visit: string, stop: string, { scores, salt }: { scores: Scores; salt: string | null }): string {
  const ordered = Object.keys(scores).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(scores[name])}`)
  return sha256OfText(`{"entry":"${stop}","salt":"${salt ?? ''}","scores":{${ordered.join(',')}},"visit":"${visit}"}`)
}

/** How many of the ballots whose receipts lie on this phone stand in the published list. */
export function receiptsIn(visit: string, digests: string[]): { here: number; found: number } {
  const mine = all.get().filter((one) => one.visit === visit && one.person === person()?.id && one.receipt)
  return { here: mine.length, found: mine.filter((one) => digests.includes(one.receipt!.digest)).length }
}

/** Where a ballot is, in words. */
export function fateOf(one: Ballot): string {
  if (one.trouble) return one.trouble
  if (one.theirs) return '您在另一台手机上也改过，请选择用哪个。'
  const at = one.receipt ? momentWords(one.receipt.at).split(' ')[1] : ''
  if (one.base.state === 'submitted' && one.state === 'draft' && !isEqual(one)) return `修改未提交，仍以 ${at} 的提交为准`
  if (!one.isSent && Object.keys(one.scores).length) return one.state === 'submitted' ? '等网络，有信号时自动送达' : '已存在本机'
  if (one.base.state === 'submitted') return at ? `已提交 ${at}` : '已提交'
  return one.base.version ? '已保存' : '正在填写'
}

/** What is missing before a ballot can be handed in; empty if nothing. */
export function lackingOf(one: Ballot, rubric: Rubric): string {
  const open = rubric.criteria.filter((each) => !one.scores[each.id]).map((each) => each.name)
  if (open.length) return `还没有打分：${open.join('、')}`
  const below = rubric.comment_below
  const isLow = below !== null && Object.values(one.scores).some((score) => Number(score) < Number(below))
  return isLow && !one.comment.trim() ? `有低于 ${below} 分的项，请写一句为什么` : ''
}

const isEqual = (one: Ballot): boolean => JSON.stringify(one.scores) === JSON.stringify(one.base.scores) && one.comment === one.base.comment
const baseOf = ({ version, scores, comment, state }: BallotCard): Ballot['base'] => ({ version, scores, comment, state })
const asSent = (told: BallotCard): Partial<Ballot> => ({ scores: told.scores, comment: told.comment, state: told.state, base: baseOf(told), isSent: true })
const fresh = (visit: string, stop: string): Ballot => ({ person: person()?.id ?? '', visit, stop, scores: {}, comment: '', state: 'draft', claimed_at: '', nonce: '', isSent: true, base: NONE, receipt: null, theirs: null, trouble: '' })

function keep(one: Ballot): Ballot {
  all.set([...all.get().filter((other) => !isOf(other, one.stop)), one])
  watchers.forEach((tell) => tell())
  return one
}
