// Reports that are not at the office yet. Each lies in the phone's storage under its own key from its first letter on,
// its photos among the person's own files: a killed app, a full battery or a dead line take nothing away.
import { newId } from './ids'
import { Observation, Receipt } from './observations'
import { Told } from './refusal'
import { clockAheadMs } from './session'
import { nowText } from './words'

/**
 * writing   in the person's hands
 * queued    handed over, not yet tried
 * unknown   written before the first byte leaves: whether it arrived, only the office knows
 * accepted  the office has the text and named the photos it still misses
 * refused   the office said no; its words are kept
 * received  everything is there; only the record is kept
 */
export type DraftState = 'writing' | 'queued' | 'unknown' | 'accepted' | 'refused' | 'received'
export type Anonymity = 'named' | 'hidden' | 'sealed'

export interface Place {
  latitude: number
  longitude: number
  datum: 'gcj02' | 'wgs84'
  source: 'gps' | 'map' | 'exif'
  accuracy_m: number | null
  name: string | null
}
export interface DraftPhoto {
  /** The file on this phone; empty when only the office has the photo. */
  path: string
  sha256: string
  bytes: number
  sent: boolean
}
export interface Draft {
  id: string
  state: DraftState
  kind: string
  text: string
  anonymity: Anonymity
  /** The code of the city's category; drafts of older versions have none. */
  category?: string | null
  task: { id: string; name: string } | null
  place: Place | null
  photos: DraftPhoto[]
  made_at: string
  written_at: string | null
  receipt: Receipt | null
  /** The version at the office that this one replaces; null for a first sending. */
  base_version: number | null
  hash_agrees: boolean | null
  refusal: (Told & { code: string }) | null
  wait_until: number
  /** The stop of a visit where it was begun; stays on the phone. */
  from_stop?: string
}

export const MOST_PHOTOS = 9
const PREFIX = 'draft:'
const RECORDS_KEPT = 30
const watchers = new Set<() => void>()

/** A new draft under a name of its own; it exists from now on. */
export async function newDraft(): Promise<Draft> {
  return save({
    id: await newId(),
    state: 'writing',
    kind: 'problem',
    text: '',
    anonymity: 'hidden',
    category: null,
    task: null,
    place: null,
    photos: [],
    made_at: nowText(),
    written_at: null,
    receipt: null,
    base_version: null,
    hash_agrees: null,
    refusal: null,
    wait_until: 0,
  })
}

/** What lies at the office, taken up again; handed over, it replaces the version that is there. */
export function takeUp(at: Observation, taskName: string): Draft {
  const { sent, client_id: id, receipt_number, receipt_hash, state, missing, version, promised_on, promise_words, received_at, words } = at
  const { place } = sent
  const own = draft(id)?.photos ?? []
  return save({
    id,
    state: 'writing',
    kind: sent.kind,
    text: sent.text,
    anonymity: sent.anonymity,
    category: sent.category ?? null,
    task: sent.task_id ? { id: sent.task_id, name: taskName } : null,
    place: place ? { ...place, accuracy_m: place.accuracy_m ?? null, name: place.name ?? null } : null,
    photos: sent.photos.map(({ sha256, bytes }) => ({
      path: own.find((one) => one.sha256 === sha256 && !one.sent)?.path ?? '',
      sha256,
      bytes,
      sent: !missing.includes(sha256),
    })),
    made_at: nowText(),
    written_at: sent.written_at ?? null,
    receipt: { client_id: id, receipt_number, receipt_hash, state, missing, version, promised_on, promise_words, received_at, words },
    base_version: null,
    hash_agrees: null,
    refusal: null,
    wait_until: 0,
  })
}

export function draft(id: string): Draft | null {
  return (wx.getStorageSync(PREFIX + id) as Draft | '') || null
}

/** All that is remembered, the newest first. */
export function drafts(...states: DraftState[]): Draft[] {
  const keys = wx.getStorageInfoSync().keys.filter((key) => key.startsWith(PREFIX))
  const all = keys.map((key) => wx.getStorageSync(key) as Draft)
  const wanted = states.length ? all.filter((one) => states.includes(one.state)) : all
  return wanted.sort((a, b) => (a.made_at < b.made_at ? 1 : -1))
}

/** What the person still cares about: everything that is not at the office. */
export const unsent = (): Draft[] => drafts('writing', 'queued', 'unknown', 'accepted', 'refused')

export function save(one: Draft): Draft {
  wx.setStorageSync(PREFIX + one.id, one)
  watchers.forEach((tell) => tell())
  return one
}

/** Change a draft as it lies in storage now; null if it is gone. */
export function change(id: string, changes: Partial<Draft>): Draft | null {
  const one = draft(id)
  return one && save({ ...one, ...changes })
}

/** Throw a draft away, with its photos. */
export function discard(id: string): void {
  draft(id)?.photos.forEach(dropFile)
  wx.removeStorageSync(PREFIX + id)
  watchers.forEach((tell) => tell())
}

/** Hand a draft over: from now on it goes to the office by itself. A second tap changes nothing. */
export function handOver(id: string): Draft | null {
  const one = draft(id)
  if (!one || (one.state !== 'writing' && one.state !== 'refused')) return one
  const written_at = one.written_at ?? new Date(Date.now() - clockAheadMs()).toISOString() // by the office's clock
  const base_version = one.receipt?.version ?? null
  return save({ ...one, state: 'queued', written_at, base_version, refusal: null, wait_until: 0 })
}

/** Everything arrived: keep the record, let the photos go, and forget the oldest records. */
export function close(id: string, receipt: Receipt): void {
  const one = draft(id)
  if (!one) return
  one.photos.forEach(dropFile)
  save({ ...one, state: 'received', receipt, photos: one.photos.map((photo) => ({ ...photo, sent: true })) })
  for (const old of drafts('received').slice(RECORDS_KEPT)) discard(old.id)
}

export function onDrafts(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

function dropFile(photo: DraftPhoto): void {
  if (!photo.path) return
  wx.getFileSystemManager().unlink({ filePath: photo.path, fail: () => undefined }) // gone already is as good
}
