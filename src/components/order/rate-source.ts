import type { Rate } from '../../domain/money/types'
import { fill, words } from './words'

/** Where a rate comes from; that nobody else confirmed it is said with it. */
export const sourceText = ({ source, doubt }: Rate): string => doubt === 'one-source' ? fill(words.order.totals.oneSource, { source }) : source
