import words from '../../locales/steps.en.json'

export { words as stepWords }
