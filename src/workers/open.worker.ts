import { hostOpener } from '../nostr/mail/open-host'
import type { FromOpener, ToOpener } from '../nostr/mail/open-messages'
import { openSignatureCheck } from '../nostr/verify'

/** Letters are opened here, off the main thread. What comes is from our own page: its shape is believed (decision 0012). */
const host = hostOpener({
  check: openSignatureCheck(),
  post: (answer: FromOpener) => self.postMessage(answer),
  end: () => self.close(),
})

self.onmessage = ({ data }: MessageEvent<ToOpener>) => host(data)
