// Where the person is. Never in the way: no answer within a few seconds, or no permission, means no place.
import { Place } from './drafts'
import { shelf } from './store'

const PATIENCE_MS = 6000
const NEAR_M = 150
const REMEMBERED = 40

export type Located = { place: Place } | { trouble: 'refused' | 'nowhere' }
interface Named {
  latitude: number
  longitude: number
  name: string
}
const named = shelf<Named[]>('places', [])

/**
 * The phone's own position, in China's datum, as WeChat's map shows it; without an answer in time, nowhere.
 * An answer that comes after all goes to `late`: consent that is given slowly loses no place.
 */
export async function locate(late: (found: Located) => void = () => undefined): Promise<Located> {
  const asked = position()
  let isLate = false
  void asked.then((found) => isLate && late(found))
  const nowhere = new Promise<Located>((resolve) => {
    setTimeout(() => {
      isLate = true
      resolve({ trouble: 'nowhere' })
    }, PATIENCE_MS)
  })
  return Promise.race([asked, nowhere])
}

async function position(): Promise<Located> {
  try {
    const got = await wx.getLocation({ type: 'gcj02', isHighAccuracy: true, highAccuracyExpireTime: PATIENCE_MS - 2000 })
    const accuracy = got.horizontalAccuracy > 0 ? got.horizontalAccuracy : got.accuracy
    return {
      place: {
        latitude: got.latitude,
        longitude: got.longitude,
        datum: 'gcj02',
        source: 'gps',
        accuracy_m: accuracy > 0 ? Math.min(Math.round(accuracy * 10) / 10, 100_000) : null,
        name: null,
      },
    }
  } catch (error) {
    const words = (error as { errMsg?: string }).errMsg ?? ''
    return { trouble: /deny|denied|privacy|authorize/.test(words) ? 'refused' : 'nowhere' }
  }
}

/** How a place that was reported from before was called, if one is near. */
export function nameNear(place: Place): string {
  const near = named
    .get()
    .map((one) => ({ name: one.name, metres: metresBetween(one, place) }))
    .filter((one) => one.metres <= NEAR_M)
    .sort((a, b) => a.metres - b.metres)
  return near[0]?.name ?? ''
}

/** Remember how the person calls this place; it is proposed next time, and never leaves the phone alone. */
export function rememberName(place: Place): void {
  if (!place.name) return
  const { latitude, longitude, name } = place
  const others = named.get().filter((one) => one.name !== name)
  named.set([{ latitude, longitude, name }, ...others].slice(0, REMEMBERED))
}

interface Point {
  latitude: number
  longitude: number
}

/** Metres between two near points. */
export function metresBetween(a: Point, b: Point): number {
  const degree = 111_320
  const north = (a.latitude - b.latitude) * degree
  const east = (a.longitude - b.longitude) * degree * Math.cos((a.latitude * Math.PI) / 180)
  return Math.hypot(north, east)
}
