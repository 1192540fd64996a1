// Reminders: acknowledging, opening, one's own quiet hours, the calendar's link, and what would arrive.
import { get, post, put, query, remove } from './door'

export interface Reminder {
  id: string
  title: string
  body: string
  told_at: string
}
export interface TemplateState {
  template: string
  name: string
  state: 'accepted' | 'no_credit' | 'rejected' | 'never_asked'
  words: string
  credits: number
}
export interface ReminderSettings {
  quiet_from: number | null
  quiet_until: number | null
  opens: number
  closes: number
  templates: TemplateState[]
  feed_made_on: string | null
}
/** What WeChat itself says: whether messages are switched off as a whole, and its answer for each template. */
export interface WeChatSwitch {
  isOff: boolean
  items: Record<string, string>
}

export const remindersOf = async (subject: string): Promise<Reminder[]> =>
  (await get<{ items: Reminder[] }>(`/reminders${query({ subject_id: subject })}`)).items
export const acknowledge = (id: string): Promise<void> => put<void>(`/reminders/${id}/acknowledgement`)
/** Tell that a page was opened from this message (the `m` of its address); if it fails, the inbox has the reminder. */
export function noteOpening(delivery: string): void {
  if (delivery) void put<void>(`/deliveries/${delivery}/opening`).catch(() => undefined)
}

export const reminderSettings = (): Promise<ReminderSettings> => get<ReminderSettings>('/me/reminder-settings')
export const keepQuiet = (from: number | null, until: number | null): Promise<ReminderSettings> =>
  put<ReminderSettings>('/me/reminder-settings', { body: { quiet_from: from, quiet_until: until } })
export const makeFeed = async (): Promise<string> => (await post<{ url: string }>('/me/calendar-feed')).url
export const revokeFeed = (): Promise<void> => remove<void>('/me/calendar-feed')

/** Ask WeChat for its own switches; unknown where the phone does not tell. */
export function wechatSwitch(): Promise<WeChatSwitch | null> {
  return new Promise((resolve) => {
    wx.getSetting({
      withSubscriptions: true,
      success: ({ subscriptionsSetting: told }) =>
        resolve(told ? { isOff: told.mainSwitch === false, items: (told.itemSettings ?? {}) as Record<string, string> } : null),
      fail: () => resolve(null),
    })
  })
}

/** A minute of the day as a clock shows it: 450 is 07:30. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
/** The same the other way. */
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
