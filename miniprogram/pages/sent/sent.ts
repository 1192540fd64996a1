import { looks } from '../../behaviors/looks'
import { StripPhoto } from '../../components/photo-strip/photo-strip'
import { copy } from '../../services/copying'
import { change, Draft, draft, onDrafts } from '../../services/drafts'
import { tell } from '../../services/refusal'
import { RETRY_WORDS } from '../../services/retrying'
import { flush, isOffline, isSending, onSending, progressNow } from '../../services/sending'
import { photoWords } from '../../services/telling_drafts'

interface Outcome {
  sign: string
  icon: string
  headline: string
  words: string
}
let stops: (() => void)[] = []

Page({
  behaviors: [looks],
  data: {
    id: '',
    sign: '',
    icon: 'time',
    headline: '',
    words: '',
    number: '',
    promise: '',
    proof: '',
    photos: [] as StripPhoto[],
    photoWords: '',
    mayRetry: false,
    mayEdit: false,
    done: false,
  },
  onLoad(asked: Record<string, string | undefined>) {
    this.data.id = asked.id ?? ''
    const draw = (): void => this.draw()
    stops = [onDrafts(draw), onSending(draw)]
    this.draw()
  },
  onUnload() {
    stops.forEach((stop) => stop())
  },
  draw() {
    const one = draft(this.data.id)
    if (!one) return
    const { receipt } = one
    this.setData({
      ...outcomeOf(one),
      number: receipt?.receipt_number ?? '',
      promise: receipt ? `${receipt.promise_words}答复您` : '',
      proof: proofOf(one),
      photos: one.state === 'received' ? [] : one.photos.map((photo) => ({ key: photo.sha256, src: photo.path, words: photoState(one, photo) })),
      photoWords: photoWords(one),
      mayRetry: ['queued', 'unknown', 'accepted'].includes(one.state) && !isSending(),
      mayEdit: one.state === 'refused',
      done: one.state === 'received',
    })
  },
  onRetry() {
    change(this.data.id, { wait_until: 0 })
    void flush()
  },
  onEdit() {
    void wx.redirectTo({ url: `/pages/report/report?id=${this.data.id}` })
  },
  onLook() {
    void wx.redirectTo({ url: `/packages/history/pages/observation/observation?id=${this.data.id}` })
  },
  onHome() {
    void wx.switchTab({ url: '/pages/home/home' })
  },
  async onCopy() {
    await copy(this.data.number).catch(tell)
  },
})

function outcomeOf(one: Draft): Outcome {
  const told = one.refusal
  if (one.state === 'received') return { sign: 'sign-good', icon: 'check-circle', headline: '已送达', words: one.receipt?.words ?? '' }
  if (one.state === 'refused') return { sign: 'sign-bad', icon: 'error-circle', headline: told?.title ?? '没有通过', words: told?.hint ?? '' }
  if (told) return { sign: 'sign-warn', icon: 'time', headline: told.title, words: told.hint }
  if (isOffline()) {
    const words = one.state === 'accepted' ? `文字已收到，照片还没有传完。${RETRY_WORDS}` : RETRY_WORDS
    return { sign: 'sign-warn', icon: 'wifi-off', headline: '已保存在手机上', words }
  }
  if (one.state === 'accepted') return { sign: '', icon: 'cloud-upload', headline: '文字已收到', words: '照片正在传，可以离开这一页，请让小程序开着。' }
  return { sign: '', icon: 'cloud-upload', headline: '正在提交', words: '马上就好。' }
}

function photoState(one: Draft, photo: Draft['photos'][number]): string {
  if (photo.sent) return '已送达'
  const now = progressNow()
  return now?.id === one.id && now.sha256 === photo.sha256 ? `${now.percent}%` : '等待'
}

// The phone recomputes the receipt's seal from its own draft: what the office stores is what was written here.
function proofOf(one: Draft): string {
  if (one.hash_agrees === null) return ''
  return one.hash_agrees ? '已核对：改革办收到的文字和照片与您手机上的一致。' : '核对不一致，请截图并联系改革办。'
}
