import type { Services } from '../ports/services'

/** What an account takes, fetched where one is about to be made: it must be there even if the network goes in between. */
export const loadAccountAhead = ({ ahead }: Services): Promise<unknown> => Promise.all([ahead?.(), import('./session'), import('../domain/order/thread-order')])
