import words from '../../locales/talk.en.json'

export { fill, fillCount } from '../words'
export { wordOf } from '../order/words'
export { words }
