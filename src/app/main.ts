import { createPinia } from 'pinia'
import { Quasar } from 'quasar'
import { createApp } from 'vue'
import { servicesKey } from '../stores/services'
import '../css/app.scss'
import App from './App.vue'
import { openServices } from './container'
import { catchBugs } from './errors'
import { quasarOptions } from './quasar'
import { createAppRouter } from './router'

const services = await openServices()
const app = createApp(App)
catchBugs(app)
app.use(createPinia()).use(Quasar, quasarOptions).provide(servicesKey, services).use(createAppRouter()).mount('#app')
