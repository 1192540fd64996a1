import { looks } from '../../../../behaviors/looks'
import { choosePicture, chosenInChat } from '../../../../services/choosing_originals'
import { Box, check, Checked, CODES_AT_MOST } from '../../../../services/checking_pictures'
import { tell } from '../../../../services/refusal'
import { momentWords } from '../../../../services/words'

const TOLD: Record<Checked['verdict'], [string, string]> = {
  genuine: ['真实', 'tag-good'],
  resaved: ['同一张照片，转存过', 'tag-good'],
  altered: ['不一致', 'tag-bad'],
  undecided: ['还不能判断', 'tag-warn'],
  unknown: ['查无此码', 'tag-warn'],
}
const NOTHING = { label: '', tone: '', why: '', next: '', made: '', boxes: [] as string[] }

Page({
  behaviors: [looks],
  data: { code: '', path: '', isChecking: false, ...NOTHING },
  onCode(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ code: event.detail.value.trim(), ...NOTHING })
  },
  async onScan() {
    const scanned = await wx.scanCode({ scanType: ['qrCode'] }).catch(() => null)
    const code = scanned && (/\/verify\/([^/?#]+)/.exec(scanned.result)?.[1] ?? scanned.result)
    if (code) this.setData({ code: code.slice(0, CODES_AT_MOST), ...NOTHING })
  },
  onAlbum() {
    return this.take(choosePicture)
  },
  onChat() {
    return this.take(chosenInChat)
  },
  onNoPicture() {
    this.setData({ path: '', ...NOTHING })
  },
  async onVerify() {
    if (!this.data.code || this.data.isChecking) return
    this.setData({ isChecking: true, ...NOTHING })
    try {
      this.show(await check(this.data.code, this.data.path))
    } catch (error) {
      await tell(error)
    } finally {
      this.setData({ isChecking: false })
    }
  },
  async take(choose: () => Promise<string>) {
    try {
      const path = await choose()
      if (path) this.setData({ path, ...NOTHING })
    } catch (error) {
      await tell(error)
    }
  },
  show(told: Checked) {
    const [label, tone] = TOLD[told.verdict]
    const made = told.made_at ? momentWords(told.made_at) : ''
    this.setData({ label, tone, why: told.why, next: told.next, made, boxes: told.differs.map(styleOf) })
  },
})

function styleOf({ left, top, right, bottom }: Box): string {
  return `left:${left * 100}%;top:${top * 100}%;width:${(right - left) * 100}%;height:${(bottom - top) * 100}%`
}
