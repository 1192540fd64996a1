// A picture to be checked: the very file, as it lies in the album or came in a chat. Nothing is made smaller on the way.
import { NO_ALBUM, PhoneWillNot } from './refusal'

/** Let the person choose a picture from the album; '' if none was chosen. Call it within a tap. */
export async function choosePicture(): Promise<string> {
  // `original` alone: with `compressed` beside it an iPhone compresses even what was ticked as the original.
  const chosen = await orNone(() => wx.chooseMedia({ count: 1, mediaType: ['image'], sourceType: ['album'], sizeType: ['original'] }))
  return chosen?.tempFiles[0]?.tempFilePath ?? ''
}

/** Let the person choose a picture that came in a chat, as a picture or as a file; '' if none was chosen. */
export async function chosenInChat(): Promise<string> {
  const chosen = await orNone(() => wx.chooseMessageFile({ count: 1, type: 'all' }))
  return chosen?.tempFiles[0]?.path ?? ''
}

async function orNone<T>(choose: () => Promise<T>): Promise<T | null> {
  try {
    return await choose()
  } catch (error) {
    const { errMsg } = error as { errMsg: string }
    if (/cancel|privacy/.test(errMsg)) return null // the question about privacy itself told what not agreeing means
    if (/auth|deny|denied|permission|authorize/.test(errMsg)) throw new PhoneWillNot(...NO_ALBUM)
    throw error
  }
}
