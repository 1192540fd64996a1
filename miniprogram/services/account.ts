// One's own account: profile, consent, one's data, joining the roster.
import { ask, get, post, put, remove } from './door'
import { addressOf } from './config'
import { send } from './http'
import { keep, SignedIn, token } from './session'

export interface Profile {
  designation: string
  nickname: string
  avatar: string
  duties: { role: string; label: string; title: string }[]
  joined_on: string
  agreed_to: string
  leaves_on: string | null
  may_leave: boolean
}
export interface OwnData {
  reports: number
  photos: number
  messages: number
  devices: number
  kept_words: string[]
  profile: Profile
}

export const GUIDELINE_VERSION = '1'

export const profile = (): Promise<Profile> => get<Profile>('/me/profile')
export const callMe = (nickname: string): Promise<Profile> => put<Profile>('/me/nickname', { body: { nickname } })
export const removeAvatar = (): Promise<Profile> => remove<Profile>('/me/avatar')
export const agree = (): Promise<Profile> => put<Profile>('/me/consent', { body: { version: GUIDELINE_VERSION } })
export const ownData = (): Promise<OwnData> => get<OwnData>('/my-data')
export const askToLeave = (): Promise<OwnData> => put<OwnData>('/my-data/leaving')
export const stay = (): Promise<OwnData> => ask<OwnData>('DELETE', '/my-data/leaving')

/** Send the picture that was chosen. */
export async function showMe(file: string): Promise<Profile> {
  return send<Profile>({ path: '/api/v1/me/avatar', file, headers: { authorization: `Bearer ${await token()}` } })
}

/** Join the roster with the code of an invitation; from now on this phone is that person's. */
export async function joinWith(code: string): Promise<SignedIn> {
  return keep(await post<SignedIn>('/invitations/acceptance', { body: { code } }))
}

/** The code in what was scanned: the plain code, or an address that carries it. */
export function codeIn(scanned: string): string {
  const found = /(?:code|scene)=([^&#]+)/.exec(scanned)
  return decodeURIComponent(found?.[1] ?? scanned).replace(/[\s-]/g, '').toUpperCase()
}

/** Fetch one's data as a file; returns where it lies on the phone. */
export async function fetchOwnData(): Promise<string> {
  const header = { authorization: `Bearer ${await token()}` }
  const filePath = `${wx.env.USER_DATA_PATH}/my-data.xlsx`
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: addressOf('/api/v1/my-data/file'),
      header,
      filePath,
      success: (told) => (told.statusCode === 200 ? resolve(filePath) : reject(new Error(`answer ${told.statusCode}`))),
      fail: (error) => reject(new Error(error.errMsg)),
    })
  })
}
