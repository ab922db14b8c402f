import type { Inbox, Mail } from '../ports/mail'

/** Letters are only of those who have an account: their program comes with the first. What an inbox is told meanwhile, it hears when it is there. */
export function lazyMail(load: () => Promise<Mail>): Mail {
  let loading: Promise<Mail> | null = null
  const opened = (): Promise<Mail> => loading ??= load()
  return {
    compose: async (signer, to, letter) => (await opened()).compose(signer, to, letter),
    openInbox(options) {
      let inbox: Inbox | null = null
      const early: ((inbox: Inbox) => void)[] = []
      const tell = (word: (inbox: Inbox) => void): void => inbox === null ? void early.push(word) : word(inbox)
      void opened().then((mail) => {
        if (options.signal.aborted)
          return
        const open = mail.openInbox(options)
        inbox = open
        early.splice(0).forEach(word => word(open))
      })
      return {
        fetchAgain: ids => tell(open => open.fetchAgain(ids)),
        openWaiting: () => tell(open => open.openWaiting()),
        askAgain: () => tell(open => open.askAgain()),
        pauseOpening: () => tell(open => open.pauseOpening()),
      }
    },
  }
}
