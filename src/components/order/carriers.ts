/** Carriers whose numbers have a form of their own. A guess is offered, never forced. */
interface Carrier { readonly name: string, readonly pattern: RegExp, readonly link: (number: string) => string }

const CARRIERS: readonly Carrier[] = [
  { name: 'UPS', pattern: /^1Z[0-9A-Z]{16}$/, link: number => `https://www.ups.com/track?tracknum=${number}` },
  { name: 'DHL', pattern: /^(00340\d{15}|JJD\d{16,18}|JVGL\d{16,20})$/, link: number => `https://www.dhl.com/en/express/tracking.html?AWB=${number}` },
  { name: 'USPS', pattern: /^(9[2-5]\d{20,24}|[A-Z]{2}\d{9}US)$/, link: number => `https://tools.usps.com/go/TrackConfirmAction?tLabels=${number}` },
  { name: 'Royal Mail', pattern: /^[A-Z]{2}\d{9}GB$/, link: number => `https://www.royalmail.com/track-your-item#/tracking-results/${number}` },
  { name: 'Deutsche Post', pattern: /^[A-Z]{2}\d{9}DE$/, link: number => `https://www.deutschepost.de/sendung/simpleQuery.html?form.sendungsnummer=${number}` },
  { name: 'La Poste', pattern: /^([A-Z]{2}\d{9}FR|\d[A-Z]\d{11})$/, link: number => `https://www.laposte.fr/outils/suivre-vos-envois?code=${number}` },
  { name: 'FedEx', pattern: /^(\d{12}|\d{15})$/, link: number => `https://www.fedex.com/fedextrack/?trknbr=${number}` },
]

const clean = (number: string): string => number.replace(/[\s-]/g, '').toUpperCase()

/** The carrier whose form the number has, or ''. */
export function guessCarrier(number: string): string {
  const plain = clean(number)
  return CARRIERS.find(carrier => carrier.pattern.test(plain))?.name ?? ''
}

/** The carrier's own page for a number; '' when the carrier is not one we know. Numbers are encoded: they are text of strangers. */
export function trackingLink(carrierName: string, number: string): string {
  const carrier = CARRIERS.find(known => known.name.toLowerCase() === carrierName.trim().toLowerCase())
  return carrier === undefined || number.trim() === '' ? '' : carrier.link(encodeURIComponent(clean(number)))
}

export const carrierNames: readonly string[] = CARRIERS.map(carrier => carrier.name)
