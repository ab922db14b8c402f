import panelWords from '../../../locales/payment-panel.en.json'

/** What the payment panel says; the desk has no use for it. */
export { panelWords }
