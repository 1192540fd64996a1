// Words for the clipboard, which WeChat counts among the private things it asks for before their first use.
import { PhoneWillNot } from './refusal'

const NO_CLIPBOARD = ['没有复制成。', '请把编号记下来，或截一张图。'] as const

/** Copy within a tap; WeChat itself says that it is done. Raises PhoneWillNot. */
export async function copy(words: string): Promise<void> {
  try {
    await wx.setClipboardData({ data: words })
  } catch (error) {
    if (/privacy/.test((error as { errMsg?: string }).errMsg ?? '')) return // the question itself told what not agreeing means
    throw new PhoneWillNot(...NO_CLIPBOARD)
  }
}
