import type { CatalogFeed } from '../ports/catalog-feed'
import type { NetLine } from './net-line'

/** The `CatalogFeed` port, with paging, checking and decoding in a worker: the page gets finished listings, a few at a time. */
export function catalogFeedInWorker(line: NetLine): CatalogFeed {
  const open = new Map<number, Parameters<CatalogFeed['open']>[0]>()
  line.hear((message) => {
    if (message.type === 'batch')
      open.get(message.id)?.onBatch(message.batch)
    else if (message.type === 'progress')
      open.get(message.id)?.onProgress?.(message.progress)
  })
  return {
    look: ({ merchant, relays }) => line.post({ type: 'look', merchant, relays: [...relays] }),
    remember: event => line.post({ type: 'remember', event: { ...event, tags: event.tags.map(tag => [...tag]) } }),
    open(options) {
      if (options.signal.aborted)
        return
      const id = line.newId()
      open.set(id, options)
      options.signal.addEventListener('abort', () => {
        open.delete(id)
        line.post({ type: 'end', id })
      }, { once: true })
      line.post({ type: 'catalog', id, relays: [...options.relays] })
    },
  }
}
