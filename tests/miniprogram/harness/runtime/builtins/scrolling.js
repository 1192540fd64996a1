// <scroll-view>
import { B, el, fire, N, S } from './defining.js'

const PROPERTIES = {
  scrollX: B, scrollY: B, scrollTop: { type: N, value: 0 }, scrollLeft: N, scrollIntoView: S, scrollWithAnimation: B, upperThreshold: { type: N, value: 50 },
  lowerThreshold: { type: N, value: 50 }, enhanced: B, showScrollbar: { type: B, value: true }, enableFlex: B, bounces: B, enableBackToTop: B,
}

export function defineScrolling(define) {
  const overflow = (view) => Object.assign(el(view).style, { overflowX: view.data.scrollX ? 'auto' : 'hidden', overflowY: view.data.scrollY ? 'auto' : 'hidden' })
  define('scroll-view', {
    properties: PROPERTIES,
    observers: {
      'scrollX, scrollY': function () { overflow(this) },
      scrollTop(to) { el(this).scrollTop = to },
      scrollLeft(to) { el(this).scrollLeft = to },
      scrollIntoView(id) { if (id) setTimeout(() => el(this).querySelector(`#${CSS.escape(id)}`)?.scrollIntoView()) },
    },
    lifetimes: {
      attached() {
        overflow(this)
        el(this).addEventListener('scroll', () => tell(this))
      },
    },
  })
}

function tell(view) {
  const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = el(view)
  fire(view, 'scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: 0, deltaY: 0 })
  if (scrollHeight - scrollTop - clientHeight <= view.data.lowerThreshold) fire(view, 'scrolltolower', { direction: 'bottom' })
  if (scrollTop <= view.data.upperThreshold) fire(view, 'scrolltoupper', { direction: 'top' })
}
