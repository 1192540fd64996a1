// What is said about a draft that is not at the office yet: where it stands, and what happens next.
import { Draft } from './drafts'
import { RETRY_WORDS } from './retrying'
import { isOffline, progressNow } from './sending'

export interface DraftWords {
  id: string
  text: string
  label: string
  tone: string
  words: string
  thumb: string
  photos: number
  mayEdit: boolean
}

/** "3张中2张已送达"; empty for a report without photos. */
export function photoWords(one: Draft): string {
  const sent = one.photos.filter((photo) => photo.sent).length
  return one.photos.length ? `${one.photos.length}张照片中${sent}张已送达` : ''
}

export function wordsOfDraft(one: Draft): DraftWords {
  const [label, tone, words] = told(one)
  return {
    id: one.id,
    text: one.text.trim() || '（还没有写文字）',
    label,
    tone,
    words,
    thumb: one.state === 'received' ? '' : one.photos[0]?.path ?? '',
    photos: one.photos.length,
    mayEdit: one.state === 'writing' || one.state === 'refused',
  }
}

function told(one: Draft): [string, string, string] {
  const later = isOffline() ? `现在连不上。${RETRY_WORDS}` : '正在发送。'
  switch (one.state) {
    case 'writing':
      return ['草稿', '', '还没有提交，点开接着写。']
    case 'refused':
      return ['没有通过', 'tag-bad', `${one.refusal?.title ?? ''}${one.refusal?.hint ?? ''}`]
    case 'accepted':
      return ['照片未传完', 'tag-warn', `文字已收到，${photoWords(one)}，${sendingWords(one) || (isOffline() ? RETRY_WORDS : '正在续传。')}`]
    case 'received':
      return ['已送达', 'tag-good', one.receipt?.words ?? '']
    default:
      if (one.refusal) return ['稍后再发', 'tag-warn', `${one.refusal.title}${one.refusal.hint}`]
      return ['等待发送', 'tag-warn', later]
  }
}

function sendingWords(one: Draft): string {
  const now = progressNow()
  if (now?.id !== one.id) return ''
  const number = one.photos.findIndex((photo) => photo.sha256 === now.sha256) + 1
  return `正在传第${number}张（${now.percent}%）。`
}
