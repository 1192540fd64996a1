// Which tabs this person sees: nobody is shown a room that is empty for him.
import { holds, person } from './session'
import { unread } from './unread'

export interface Tab {
  path: string
  label: string
  icon: string
  unread: number
}

const REPORT = ['citizen', 'team_member', 'deputy', 'reform_observer', 'commissioner']
const SEE_LEDGER = ['commissioner', 'department_contact', 'leading_official', 'office_staff', 'office_lead', 'auditor']
const HAVE_TO_DO = ['commissioner', 'department_contact', 'office_staff', 'office_lead']

/** Whether this person may report; before the first sign-in everybody may, as a citizen. */
export const mayReport = (): boolean => person() === null || holds(...REPORT)

/** Whether there are things that wait for this person. */
export const hasToDo = (): boolean => holds(...HAVE_TO_DO)

/** The tabs in their order; the third is there for those who may see the ledger. */
export function tabs(): Tab[] {
  const all: Tab[] = [
    { path: 'pages/home/home', label: '首页', icon: 'home', unread: 0 },
    { path: 'pages/reports/reports', label: '我的上报', icon: 'assignment', unread: 0 },
    { path: 'pages/inbox/inbox', label: '消息', icon: 'notification', unread: unread() },
    { path: 'pages/me/me', label: '我的', icon: 'user', unread: 0 },
  ]
  if (!mayReport()) all.splice(1, 1)
  if (!holds(...SEE_LEDGER)) return all
  const label = hasToDo() ? '待办' : '台账'
  all.splice(all.length - 2, 0, { path: 'pages/ledger/ledger', label, icon: 'root-list', unread: 0 })
  return all
}
