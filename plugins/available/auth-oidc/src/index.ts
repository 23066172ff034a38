import { Api, Config, Plugin, PluginStore, Secrets, Strategies } from '@mortise/sdk'
import { People } from './people.js'
import { Provider } from './provider.js'
import { ProviderStrategy } from './provider-strategy.js'
import { settings, type ProviderSettings, type Settings } from './settings.js'

/** Logs users in at OpenID Connect and OAuth2 providers. See README.md. */
@Plugin({ name: 'auth-oidc', host: '^0.1.0', config: settings })
export default class AuthOidc {
  // eslint-disable-next-line max-params -- one service of the host each
  constructor(
    private readonly config: Config<Settings>,
    private readonly secrets: Secrets,
    private readonly strategies: Strategies,
    private readonly store: PluginStore,
    private readonly api: Api,
  ) {}

  /** Each configured provider becomes a strategy of its name. */
  async onModuleInit(): Promise<void> {
    for (const [name, provider] of Object.entries(this.config.values.providers)) await this.#add(name, provider)
  }

  async #add(name: string, provider: ProviderSettings): Promise<void> {
    const secret = this.secrets.has(name) ? this.secrets.get(name) : undefined
    await this.strategies.add(name, {
      strategy: ProviderStrategy,
      options: { provider: new Provider(provider, secret) },
      fields: ['subject'],
      methods: new People(name, provider, this.store, this.api),
    })
  }
}
