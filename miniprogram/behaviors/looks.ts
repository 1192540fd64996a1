import { isElder, onLooks } from '../services/looks'

// Every page: behaviors: [looks], and class="page {{looks}}" on its root view.
export const looks = Behavior({
  data: { looks: '', elder: false },
  lifetimes: {
    attached() {
      const apply = (): void => {
        const elder = isElder()
        if (elder !== this.data.elder) this.setData({ looks: elder ? 'elder' : '', elder })
      }
      apply()
      stops.set(this, onLooks(apply))
    },
    detached() {
      stops.get(this)?.()
    },
  },
})
const stops = new WeakMap<object, () => void>()
