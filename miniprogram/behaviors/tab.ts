// A page of the tab bar: behaviors: [looks, tab] keeps the bar's mark where the person is.
export const tab = Behavior({
  pageLifetimes: {
    show() {
      const page = this as unknown as { getTabBar(): { sync(): void } }
      page.getTabBar().sync()
    },
  },
})
