import type { Handler } from './server'
import type { WalletFaults } from './faults'
import type { Account } from './till'
import { BY_ADDRESS, isByAddress } from './by-address'
import { faultsOf } from './faults'
import { send } from './http'

/** LUD-06 bounds of the sandbox: a sat, and more than anything here costs. */
const LEAST_MSAT = 1_000
const MOST_MSAT = 2_000_000_000
const EXPIRY_SECONDS = 600
const LONGEST_COMMENT = 60

/**
 * Lightning addresses of merchants, over HTTP on loopback: LNURL-pay (LUD-06, LUD-16), with LUD-21's word on whether an
 * invoice was paid. Invoices commit to the metadata by its hash, as the standard has it.
 */
export function lnurlApi(accounts: Readonly<Record<string, Account>>, of: WalletFaults): Handler {
  const refuse = (reason: string) => ({ status: 'ERROR', reason })
  return async (path, request, response) => {
    const [, wellKnown, other, rest = ''] = /^\/(?:\.well-known\/lnurlp\/([a-z0-9_.-]+)|lnurlp\/([a-z0-9_.-]+)\/(callback|verify\/[0-9a-f]{64}))$/.exec(path) ?? []
    const name = wellKnown ?? other
    if (name === undefined)
      return false
    const faults = faultsOf(of, 'merchant')
    if (faults.offline) {
      request.socket.destroy()
      return true
    }
    if (faults.stall)
      return true
    if (faults.lateMs > 0)
      await new Promise(resolve => setTimeout(resolve, faults.lateMs))
    const account = Object.hasOwn(accounts, name) ? accounts[name] : undefined
    const here = `http://${request.headers.host ?? ''}`
    const metadata = JSON.stringify([['text/plain', `For ${account?.name ?? name}`], ['text/identifier', `${name}@${request.headers.host ?? ''}`]])
    if (account === undefined)
      send(response, 404, refuse('Nobody by that name.'))
    else if (faults.fail !== null)
      send(response, 200, refuse('As asked for by the test.'))
    else if (wellKnown !== undefined)
      send(response, 200, { tag: 'payRequest', callback: `${here}/lnurlp/${name}/callback?of=souk`, minSendable: LEAST_MSAT, maxSendable: MOST_MSAT, metadata, commentAllowed: LONGEST_COMMENT })
    else if (rest === 'callback') {
      const made = await invoice(account, new URL(request.url ?? '', here).searchParams, metadata, faults.noVerify ? null : `${here}/lnurlp/${name}/verify`)
      // The connection may break after it was done.
      if (faults.loseAnswer)
        request.socket.destroy()
      else
        send(response, 200, made)
    }
    else
      send(response, 200, state(account, rest.slice('verify/'.length)))
    return true
  }

  async function invoice(account: Account, asked: URLSearchParams, metadata: string, verify: string | null): Promise<unknown> {
    const msat = Number(asked.get('amount'))
    const comment = asked.get('comment') ?? ''
    if (comment.length > LONGEST_COMMENT)
      return refuse('That comment is too long.')
    if (!Number.isSafeInteger(msat) || msat < LEAST_MSAT || msat > MOST_MSAT)
      return refuse('That amount is not taken.')
    const { bolt11, paymentHash } = await account.makeInvoice(msat, metadata, EXPIRY_SECONDS, { ...BY_ADDRESS, ...comment !== '' && { comment } })
    return { pr: bolt11, routes: [], ...verify === null ? {} : { verify: `${verify}/${paymentHash}` } }
  }

  function state(account: Account, paymentHash: string): unknown {
    const found = account.transactions.get(paymentHash)
    if (found === undefined || found.type === 'outgoing' || !isByAddress(found))
      return refuse('Not found')
    const settled = found.settledAt !== null
    return { status: 'OK', settled, preimage: settled ? found.preimage : null, pr: found.bolt11 }
  }
}
