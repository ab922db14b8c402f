import { Notify, type QuasarPluginOptions } from 'quasar'

/** What of Quasar the app installs; its components come by name, one by one, through the build plugin. */
export const quasarOptions: Partial<QuasarPluginOptions> = {
  plugins: { Notify },
  config: { notify: { position: 'bottom', timeout: 6_000, attrs: { role: 'status' } } },
}
