// What WeChat itself draws above the pages: toasts, dialogs, sheets, pickers, a picture at full size.
const element = (tag, facts = {}) => Object.assign(document.createElement(tag), facts)

export function createLayers({ errors }) {
  let touchedAt = Infinity
  let toast
  document.addEventListener('pointerdown', () => { touchedAt = performance.now() }, true)

  const lay = (inner) => {
    const layer = element('div', { className: 'mp-layer' })
    const laidAt = performance.now()
    // The click that follows the touch which opened this layer began before the layer was there.
    layer.addEventListener('click', (event) => { if (touchedAt < laidAt) event.stopImmediatePropagation() }, true)
    layer.append(inner)
    document.body.append(layer)
    return layer
  }
  const button = (words, onclick) => element('button', { type: 'button', textContent: words, onclick })

  /** A dialog of these parts; `answers` is [[words, value]…], a value may be a function. Resolves to what was chosen. */
  const dialog = (parts, answers) => new Promise((resolve) => {
    const box = element('div', { className: 'mp-modal' })
    box.setAttribute('role', 'dialog')
    const row = element('div')
    const layer = lay(box)
    for (const [words, value] of answers) {
      row.append(button(words, () => { layer.remove(); resolve(typeof value === 'function' ? value() : value) }))
    }
    const body = element('p')
    body.append(...parts)
    box.append(body, row)
  })
  const labelled = (input, words) => { input.setAttribute('aria-label', words); return input }

  const ui = {
    toast(words, milliseconds) {
      ui.hideToast()
      const bubble = element('div', { className: 'mp-toast', textContent: words })
      bubble.setAttribute('role', 'status')
      const mine = (toast = lay(bubble))
      mine.style.pointerEvents = 'none'
      if (milliseconds) setTimeout(() => mine.remove(), milliseconds)
    },
    hideToast() { toast?.remove() },
    async modal({ title, content, showCancel = true, cancelText = '取消', confirmText = '确定' }) {
      const answers = [...(showCancel ? [[cancelText, false]] : []), [confirmText, true]]
      const confirm = await dialog([[title, content].filter(Boolean).join('\n')], answers)
      return { confirm, cancel: !confirm }
    },
    ask(words) {
      const input = labelled(element('input'), words)
      return dialog([words, input], [['取消', ''], ['确定', () => input.value]])
    },
    sheet: (items) => new Promise((resolve) => {
      const box = element('div', { className: 'mp-sheet' })
      const layer = lay(box)
      const choose = (index) => () => { layer.remove(); resolve(index) }
      box.append(...items.map((words, index) => button(words, choose(index))), button('取消', choose(-1)))
    }),
    async subscribe(ids) {
      const { confirm } = await ui.modal({ title: '订阅消息', content: `模板 ${ids.join('、')}`, confirmText: '允许', cancelText: '拒绝' })
      return confirm ? 'accept' : 'reject'
    },
    preview(src) {
      const layer = lay(element('img', { src, alt: '大图', className: 'mp-preview', onerror: () => errors.push(`preview: ${src} shows nothing`) }))
      layer.onclick = () => layer.remove()
    },
    /** The picker of <picker>: a date, a time, or one of a range. Resolves to undefined when nothing was chosen. */
    pick(asked) {
      const input = labelled(asked.mode === 'date' || asked.mode === 'time' ? dateInput(asked) : choiceInput(asked), '选择器')
      const value = () => (asked.mode === 'selector' ? Number(input.value) : input.value)
      return dialog([input], [['取消', undefined], ['确定', value]])
    },
  }
  return ui
}

function dateInput({ mode, value, start, end }) {
  const input = element('input', { type: mode, value: value || '' })
  if (start) input.min = start
  if (end) input.max = end
  return input
}

function choiceInput({ range, rangeKey, value }) {
  const input = element('select')
  ;(range || []).forEach((one, index) => input.add(new Option(rangeKey ? one[rangeKey] : one, index)))
  input.value = value || 0
  return input
}
