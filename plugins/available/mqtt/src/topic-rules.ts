import type { Settings } from './settings.js'

/**
 * Who may say and hear what. Wildcards are refused everywhere: they would
 * reach answers and channels. Source: the protocol's MQTT mapping.
 */
export class TopicRules {
  constructor(private readonly settings: Pick<Settings, 'requestTopic' | 'responseTopic' | 'allowPubSub' | 'maxSubscriptions'>) {}

  /** @param isChannel - Whether the host tells notifications on that topic, which nobody else may. */
  mayPublish(topic: string, isChannel: boolean): boolean {
    const { requestTopic, responseTopic, allowPubSub } = this.settings
    if (topic === requestTopic) return true
    return allowPubSub && topic !== responseTopic && !isChannel && isPlain(topic)
  }

  /** @param count - On how many topics the client listens already. */
  maySubscribe(topic: string, count: number): boolean {
    return topic !== this.settings.requestTopic && isPlain(topic) && count < this.settings.maxSubscriptions
  }
}

/** Neither a pattern nor a topic of the broker's own, which tell who is connected. */
const isPlain = (topic: string): boolean => !/[#+]/.test(topic) && !topic.startsWith('$')
