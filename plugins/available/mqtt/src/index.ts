import { Plugin } from '@mortise/sdk'
import { MqttDoor } from './mqtt-door.js'
import { settings } from './settings.js'

/** Speaks MQTT 3.1 and 3.1.1. See README.md. */
@Plugin({ name: 'mqtt', host: '^0.1.0', config: settings, providers: [MqttDoor] })
export default class Mqtt {}
