import { looks } from '../../../../behaviors/looks'
import { query } from '../../../../services/door'
import { call } from '../../../../services/line'
import { tell } from '../../../../services/refusal'
import { sha256 } from '../../../../services/sha256'
import { takePhotos } from '../../../../services/taking_photos'
import { momentWords } from '../../../../services/words'

interface Checked {
  code: string
  verdict: 'genuine' | 'altered' | 'unknown'
  words: string
  made_at: string | null
}
const TOLD = {
  genuine: ['真实', 'tag-good'],
  altered: ['被改过', 'tag-bad'],
  unknown: ['查不到', 'tag-warn'],
} as const

Page({
  behaviors: [looks],
  data: { code: '', digest: '', words: '', label: '', tone: '', made: '' },
  onCode(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ code: event.detail.value.trim(), words: '' })
  },
  async onScan() {
    const scanned = await wx.scanCode({ scanType: ['qrCode'] }).catch(() => null)
    const code = scanned && (/\/verify\/([^/?#]+)/.exec(scanned.result)?.[1] ?? scanned.result)
    if (code) this.setData({ code: code.slice(0, 40), words: '' })
  },
  async onPicture() {
    const [path] = await takePhotos(1, 'album')
    if (!path) return
    const bytes = wx.getFileSystemManager().readFileSync(path) as ArrayBuffer
    this.setData({ digest: sha256(new Uint8Array(bytes)), words: '' })
  },
  async onVerify() {
    if (!this.data.code) return
    try {
      const path = `/verify/${encodeURIComponent(this.data.code)}${query({ sha256: this.data.digest })}`
      const told = await call<Checked>({ method: 'GET', path, headers: { accept: 'application/json' } })
      const [label, tone] = TOLD[told.verdict]
      this.setData({ words: told.words, label, tone, made: told.made_at ? momentWords(told.made_at) : '' })
    } catch (error) {
      await tell(error)
    }
  },
})
