// <image>
import { B, el, fire, html, S } from './defining.js'

const FIT = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover', center: 'none' }

export function definePictures(define, { resolveFile, errors }) {
  define('image', {
    hasSlot: false,
    properties: { src: S, mode: { type: S, value: 'scaleToFill' }, lazyLoad: B, webp: B, showMenuByLongpress: B, fadeIn: B },
    observers: { 'src, mode': function () { this.sync() } },
    lifetimes: {
      created() {
        this.node = html('img', { alt: '' })
        el(this).appendChild(this.node)
        this.node.addEventListener('load', () => fire(this, 'load', { width: this.node.naturalWidth, height: this.node.naturalHeight }))
        this.node.addEventListener('error', () => {
          if (!/^(https?|data|wxfile):/.test(this.data.src)) errors.push(`<image>: the package has no ${this.data.src}`)
          if (this.node.getAttribute('src')) fire(this, 'error', { errMsg: 'image load failed' })
        })
      },
      attached() { this.sync() },
    },
    methods: {
      sync() {
        const { src, mode } = this.data
        const address = resolveFile(src)
        if (this.address !== address) {
          this.address = address
          if (address) this.node.src = address
          else this.node.removeAttribute('src')
        }
        this.node.style.objectFit = FIT[mode] ?? (mode.startsWith('width') ? 'fill' : 'cover')
        if (mode === 'widthFix') for (const one of [el(this), this.node]) one.style.height = 'auto'
      },
    },
  })
}
