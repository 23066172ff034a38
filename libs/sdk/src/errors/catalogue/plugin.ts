import { domain, subdomain } from './subdomain.js'

const BLAMED = 'PluginImplementationError'

/** What plugins declare, and what happens when the host calls them. */
export const plugin = domain(0x04, {
  assert: subdomain(0x01, {
    invalid_plugins_dir: [
      0x01,
      'InternalError',
      (folder: string, fault: string) => `Cannot read the plugins folder "${folder}": ${fault}.`,
    ],
    cannot_load: [0x02, BLAMED, (plugin: string, fault: string) => `Plugin "${plugin}" cannot be loaded: ${fault}`],
    invalid_hook: [0x03, BLAMED, (plugin: string, event: string) => `Hook "${event}" of plugin "${plugin}" is not a function.`],
    invalid_pipe: [0x04, BLAMED, (plugin: string, event: string) => `Pipe "${event}" of plugin "${plugin}" is not a function.`],
    init_not_found: [0x05, BLAMED, (plugin: string) => `Plugin "${plugin}" has no "init" method.`],
    privileged_not_supported: [
      0x06,
      BLAMED,
      (plugin: string) => `Privileged mode is granted to plugin "${plugin}", which does not ask for it.`,
    ],
    privileged_not_set: [0x07, BLAMED, (plugin: string) => `Plugin "${plugin}" asks for privileged mode, which is not granted.`],
    not_a_constructor: [0x08, BLAMED, (plugin: string) => `Plugin "${plugin}" does not export a class.`],
    name_already_exists: [0x09, BLAMED, (plugin: string) => `Another plugin is already named "${plugin}".`],
    invalid_plugin_name: [0x0a, BLAMED, (plugin: string) => `"${plugin}" cannot be the name of a plugin: use kebab-case.`],
    no_name_provided: [0x0b, BLAMED, (folder: string) => `The plugin in "${folder}" has no name.`],
    invalid_controller_definition: [
      0x0c,
      BLAMED,
      (controller: string, fault: string) => `Controller "${controller}" is not well defined: ${fault}.`,
    ],
    invalid_application_name: [0x0d, BLAMED, (name: string) => `"${name}" cannot be the name of an application: use kebab-case.`],
    duplicated_api_definition: [
      0x0e,
      BLAMED,
      (plugin: string) => `Plugin "${plugin}" declares a controller both in its "api" and in its "controllers".`,
    ],
    plugin_not_found: [0x0f, 'NotFoundError', (plugin: string) => `Plugin "${plugin}" not found.`],
    invalid_openapi_schema: [
      0x10,
      BLAMED,
      (plugin: string, definition: string) => `OpenAPI definition "${definition}" of plugin "${plugin}" is malformed.`,
    ],
  }),
  runtime: subdomain(0x02, {
    failed_init: [0x01, BLAMED, (plugin: string, fault: string) => `Plugin "${plugin}" failed to start: ${fault}`],
    unexpected_error: [0x02, BLAMED, (message: string) => `Caught an unexpected plugin error: ${message}`],
    pipe_timeout: [0x03, 'GatewayTimeoutError', (plugin: string, event: string) => `Plugin "${plugin}" has not answered "${event}" in time.`],
    too_many_pipes: [0x04, 'ServiceUnavailableError', () => 'Too many pipes wait to be run; this request is dropped.'],
    already_started: [0x05, BLAMED, (member: string) => `"${member}" can only be used before the application has started.`],
    unavailable_before_start: [0x06, BLAMED, (member: string) => `"${member}" can only be used once the application has started.`],
    unknown_pipe: [0x07, BLAMED, (event: string) => `Nothing emits the event "${event}".`],
    unexpected_installation_error: [
      0x08,
      BLAMED,
      (installation: string, fault: string) => `Installation "${installation}" failed: ${fault}`,
    ],
    incompatible: [
      0x09,
      BLAMED,
      (plugin: string, required: string, found: string) => `Plugin "${plugin}" requires version "${required}" of the host; this is "${found}".`,
    ],
  }),
  strategy: subdomain(0x03, {
    invalid_description: [0x01, BLAMED, (plugin: string) => `"strategies" of plugin "${plugin}" is not an object.`],
    invalid_methods: [0x02, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: "methods" is not an object.`],
    invalid_method_type: [
      0x03,
      BLAMED,
      (plugin: string, strategy: string, method: string) => `${at(plugin, strategy)}: method "${method}" is not given by its name.`,
    ],
    missing_method_function: [
      0x04,
      BLAMED,
      (plugin: string, strategy: string, method: string) => `${at(plugin, strategy)}: the plugin has no method "${method}".`,
    ],
    invalid_config: [0x05, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: "config" is not an object.`],
    unexpected_constructor: [
      0x06,
      BLAMED,
      (plugin: string, strategy: string) => `${at(plugin, strategy)}: give either "constructor" or "authenticator", not both.`,
    ],
    invalid_constructor: [0x07, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: "constructor" is not a class.`],
    invalid_authenticator: [0x08, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: "authenticator" is not a name.`],
    unknown_authenticator: [
      0x09,
      BLAMED,
      (plugin: string, strategy: string, authenticator: string) => `${at(plugin, strategy)}: no authenticator is named "${authenticator}".`,
    ],
    invalid_option: [
      0x0a,
      BLAMED,
      (plugin: string, strategy: string, option: string) => `${at(plugin, strategy)}: option "${option}" is not an object.`,
    ],
    invalid_fields: [0x0b, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: "fields" is not a list of names.`],
    invalid_definition: [0x0c, BLAMED, (plugin: string, strategy: string) => `${at(plugin, strategy)}: the definition is not an object.`],
    failed_registration: [
      0x0d,
      BLAMED,
      (plugin: string, strategy: string, fault: string) => `${at(plugin, strategy)} cannot be registered: ${fault}`,
    ],
    invalid_verify_return: [
      0x0e,
      BLAMED,
      (plugin: string, strategy: string, found: string) => `${at(plugin, strategy)}: "verify" returned ${found} instead of a promise.`,
    ],
    invalid_verify_resolve: [
      0x0f,
      BLAMED,
      (plugin: string, strategy: string) => `${at(plugin, strategy)}: "verify" resolved to neither false nor an object.`,
    ],
    invalid_kuid: [
      0x10,
      BLAMED,
      (plugin: string, strategy: string, found: string) => `${at(plugin, strategy)}: "verify" gave a kuid that is no string but ${found}.`,
    ],
    unknown_kuid: [
      0x11,
      BLAMED,
      (plugin: string, strategy: string) => `${at(plugin, strategy)}: "verify" gave a kuid that belongs to no user.`,
    ],
    unauthorized_removal: [
      0x12,
      BLAMED,
      (plugin: string, strategy: string) => `Plugin "${plugin}" cannot remove strategy "${strategy}", which another plugin owns.`,
    ],
    strategy_not_found: [0x13, 'NotFoundError', (strategy: string) => `Authentication strategy "${strategy}" not found.`],
    missing_user: [0x14, 'UnauthorizedError', (reason: string) => reason],
    missing_optional_method: [
      0x15,
      BLAMED,
      (method: string, strategy: string) => `Strategy "${strategy}" does not offer the optional method "${method}".`,
    ],
  }),
  controller: subdomain(0x04, {
    invalid_description: [
      0x01,
      BLAMED,
      (plugin: string, controller: string) => `Controller "${controller}" of plugin "${plugin}" is not an object.`,
    ],
    invalid_action: [
      0x02,
      BLAMED,
      (plugin: string, controller: string, action: string) => `Action "${controller}:${action}" of plugin "${plugin}" is not a function.`,
    ],
    unexpected_route_property: [
      0x03,
      BLAMED,
      (plugin: string, property: string, route: string) => `Route ${route} of plugin "${plugin}" has an unknown property "${property}".`,
    ],
    invalid_route_property: [
      0x04,
      BLAMED,
      (plugin: string, property: string, route: string) => `Route ${route} of plugin "${plugin}": "${property}" is not a filled string.`,
    ],
    undefined_controller: [
      0x05,
      BLAMED,
      (plugin: string, controller: string, route: string) =>
        `Route ${route} of plugin "${plugin}" leads to controller "${controller}", which does not exist.`,
    ],
    undefined_action: [
      0x06,
      BLAMED,
      (plugin: string, action: string, route: string) =>
        `Route ${route} of plugin "${plugin}" leads to action "${action}", which does not exist.`,
    ],
    unsupported_verb: [
      0x07,
      BLAMED,
      (plugin: string, verb: string, route: string) => `Route ${route} of plugin "${plugin}" uses "${verb}", which is no supported verb.`,
    ],
    unserializable_response: [
      0x08,
      BLAMED,
      (action: string, fault: string) => `The answer of "${action}" cannot be written as JSON: ${fault}.`,
    ],
    invalid_action_response: [
      0x09,
      BLAMED,
      (controller: string, action: string) => `Action "${controller}:${action}" did not return a promise.`,
    ],
    invalid_openapi_schema: [
      0x0a,
      BLAMED,
      (controller: string, action: string, fault: string) => `OpenAPI definition of "${controller}:${action}" is malformed: ${fault}.`,
    ],
  }),
  manifest: subdomain(0x05, {
    cannot_load: [0x01, BLAMED, (path: string, fault: string) => `Manifest "${path}" cannot be loaded: ${fault}`],
    version_mismatch: [
      0x02,
      BLAMED,
      (plugin: string, found: string, required: string) => `Plugin "${plugin}" requires version "${required}" of the host; this is "${found}".`,
    ],
    invalid_name_type: [0x03, BLAMED, (path: string) => `Manifest "${path}": "name" is not a filled string.`],
    invalid_name: [0x04, BLAMED, (path: string) => `Manifest "${path}": "name" may hold letters, digits, "-" and "_" only.`],
    missing_name: [0x05, BLAMED, (path: string) => `Manifest "${path}": "name" is missing.`],
    invalid_errors: [
      0x06,
      BLAMED,
      (plugin: string, fault: string) => `The errors declared by plugin "${plugin}" are not well defined: ${fault}.`,
    ],
    invalid_privileged: [0x07, BLAMED, (path: string, found: string) => `Manifest "${path}": "privileged" is no boolean but ${found}.`],
    missing_package: [0x08, BLAMED, (folder: string) => `"${folder}" has no package.json.`],
    missing_package_name: [0x09, BLAMED, (folder: string) => `package.json of "${folder}" has no name.`],
    missing_version: [0x0a, BLAMED, (folder: string) => `package.json of "${folder}" has no version.`],
  }),
  context: subdomain(0x06, {
    missing_collection: [0x01, BLAMED, () => 'A Repository needs the name of a collection.'],
    unavailable_realtime: [
      0x02,
      BLAMED,
      (method: string) => `"realtime:${method}" cannot be called by a plugin. Use "accessors.subscription" instead.`,
    ],
    invalid_user: [0x03, BLAMED, () => 'The user to act for has no identifier.'],
    invalid_callback: [0x04, BLAMED, (found: string) => `The callback is no function but ${found}.`],
    missing_request: [0x05, BLAMED, () => 'No request was given to execute.'],
    missing_request_data: [0x06, BLAMED, () => 'A Request needs its data as an object.'],
    invalid_event: [0x07, BLAMED, (event: string) => `A plugin cannot trigger the event "${event}": custom names hold no ":".`],
    missing_authenticator: [
      0x08,
      BLAMED,
      (plugin: string, strategy: string) => `${at(plugin, strategy)}: a strategy added at run time needs an "authenticator".`,
    ],
  }),
  authenticators: subdomain(0x07, {
    not_an_object: [0x01, BLAMED, (plugin: string, found: string) => `"authenticators" of plugin "${plugin}" is no object but ${found}.`],
    invalid_authenticator: [
      0x02,
      BLAMED,
      (plugin: string, name: string) => `Authenticator "${name}" of plugin "${plugin}" is not a class.`,
    ],
  }),
})

function at(plugin: string, strategy: string): string {
  return `Strategy "${strategy}" of plugin "${plugin}"`
}
