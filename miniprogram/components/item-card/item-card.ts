// An item of the ledger in a list; the whole card is one button.
import { ItemRow, toneOf } from '../../services/ledger'

Component({
  properties: { item: { type: Object, value: {} as ItemRow } },
  data: { tone: '' },
  observers: {
    item(line: ItemRow) {
      if (line.id) this.setData({ tone: toneOf(line.light) })
    },
  },
  methods: {
    onOpen() {
      void wx.navigateTo({ url: `/packages/ledger/pages/item/item?id=${(this.data.item as ItemRow).id}` })
    },
  },
})
