// Written by scripts/words from the code. Don't edit.

export const ACTIONS = {
  dispatch: { noun: 'dispatches', label: '分办', done: '已分办。' },
  transfer: { noun: 'transfers', label: '转办', done: '已转办，期限不变。' },
  close_out: { noun: 'close-out-decisions', label: '审核销号', done: '审核结果已记下。' },
  decide_extension: { noun: 'extension-decisions', label: '审核延期', done: '审核结果已记下。' },
  decide_retention: { noun: 'retention-decisions', label: '审核留号', done: '审核结果已记下。' },
  retain: { noun: 'retentions', label: '留号', done: '已留号，到复核日期会出现在待办里。' },
  resume: { noun: 'resumptions', label: '恢复办理', done: '已恢复办理。' },
  merge: { noun: 'mergers', label: '并号', done: '已并号。' },
  link: { noun: 'links', label: '关联', done: '已关联。' },
  split: { noun: 'splits', label: '拆分', done: '已拆分。' },
  void: { noun: 'voidings', label: '作废', done: '作废意见已记下。' },
  re_register: { noun: 're-registrations', label: '重新挂号', done: '已重新挂号，请分办。' },
  acknowledge: { noun: 'acknowledgements', label: '签收', done: '已签收。' },
  return_back: { noun: 'returns', label: '退回改革办', done: '已退回改革办。' },
  report_progress: { noun: 'progress-reports', label: '填报进展', done: '已填报进展。' },
  ask_extension: { noun: 'extensions', label: '申请延期', done: '已申请延期，等待改革办审核。' },
  ask_retention: { noun: 'retention-requests', label: '申请留号', done: '已申请留号，等待改革办审核。' },
  request_close_out: { noun: 'close-out-requests', label: '申请销号', done: '已申请销号，等待改革办审核。' },
} as const
export type ActionCode = keyof typeof ACTIONS
