/**
 * Every action of the host's own controllers, by controller. The names are
 * those of the protocol (its catalogue of version 2.56), but for `server:actions`,
 * `server:asyncapi`, `server:docs`, `server:explain` and those of `plugins`,
 * `events` and `schedule`.
 */
export const builtInActions = {
  admin: [
    'dump', 'loadFixtures', 'loadMappings', 'loadSecurities', 'refreshIndexCache', 'resetCache', 'resetDatabase', 'resetSecurity',
    'shutdown',
  ],
  auth: [
    'checkRights', 'checkToken', 'createApiKey', 'createMyCredentials', 'createToken', 'credentialsExist', 'deleteApiKey',
    'deleteMyCredentials', 'getCurrentUser', 'getMyCredentials', 'getMyRights', 'getStrategies', 'login', 'logout', 'refreshToken',
    'searchApiKeys', 'updateMyCredentials', 'updateSelf', 'validateMyCredentials',
  ],
  bulk: [
    'deleteByQuery', 'import', 'mWrite', 'updateByQuery', 'write',
  ],
  cluster: [
    'status',
  ],
  collection: [
    'create', 'delete', 'deleteSpecifications', 'exists', 'getMapping', 'getSettings', 'getSpecifications', 'list', 'refresh',
    'scrollSpecifications', 'searchSpecifications', 'truncate', 'update', 'updateMapping', 'updateSpecifications',
    'validateSpecifications',
  ],
  debug: [
    'addListener', 'disable', 'enable', 'nodeVersion', 'post', 'removeListener',
  ],
  document: [
    'count', 'create', 'createOrReplace', 'delete', 'deleteByQuery', 'deleteFields', 'exists', 'export', 'get', 'mCreate',
    'mCreateOrReplace', 'mDelete', 'mExists', 'mGet', 'mReplace', 'mUpdate', 'mUpsert', 'replace', 'scroll', 'search', 'update',
    'updateByQuery', 'upsert', 'validate',
  ],
  events: [
    'drop', 'failed', 'retry',
  ],
  index: [
    'create', 'delete', 'exists', 'list', 'mDelete', 'stats',
  ],
  ms: [
    'append', 'bgrewriteaof', 'bgsave', 'bitcount', 'bitop', 'bitpos', 'dbsize', 'decr', 'decrby', 'del', 'exists', 'expire', 'expireat',
    'flushdb', 'geoadd', 'geodist', 'geohash', 'geopos', 'georadius', 'georadiusbymember', 'get', 'getbit', 'getrange', 'getset', 'hdel',
    'hexists', 'hget', 'hgetall', 'hincrby', 'hincrbyfloat', 'hkeys', 'hlen', 'hmget', 'hmset', 'hscan', 'hset', 'hsetnx', 'hstrlen',
    'hvals', 'incr', 'incrby', 'incrbyfloat', 'keys', 'lindex', 'linsert', 'llen', 'lpop', 'lpush', 'lpushx', 'lrange', 'lrem', 'lset',
    'ltrim', 'mexecute', 'mget', 'mset', 'msetnx', 'object', 'persist', 'pexpire', 'pexpireat', 'pfadd', 'pfcount', 'pfmerge', 'ping',
    'psetex', 'pttl', 'randomkey', 'rename', 'renamenx', 'rpop', 'rpoplpush', 'rpush', 'rpushx', 'sadd', 'scan', 'scard', 'sdiff',
    'sdiffstore', 'set', 'setex', 'setnx', 'sinter', 'sinterstore', 'sismember', 'smembers', 'smove', 'sort', 'spop', 'srandmember',
    'srem', 'sscan', 'strlen', 'sunion', 'sunionstore', 'time', 'touch', 'ttl', 'type', 'zadd', 'zcard', 'zcount', 'zincrby',
    'zinterstore', 'zlexcount', 'zrange', 'zrangebylex', 'zrangebyscore', 'zrank', 'zrem', 'zremrangebylex', 'zremrangebyrank',
    'zremrangebyscore', 'zrevrange', 'zrevrangebylex', 'zrevrangebyscore', 'zrevrank', 'zscan', 'zscore', 'zunionstore',
  ],
  plugins: [
    'calls', 'disable', 'enable', 'list', 'reload', 'resume', 'tap',
  ],
  realtime: [
    'count', 'join', 'list', 'publish', 'subscribe', 'unsubscribe', 'validate',
  ],
  schedule: [
    'list', 'runs',
  ],
  security: [
    'checkRights', 'createApiKey', 'createCredentials', 'createFirstAdmin', 'createOrReplaceProfile', 'createOrReplaceRole',
    'createProfile', 'createRestrictedUser', 'createRole', 'createUser', 'deleteApiKey', 'deleteCredentials', 'deleteProfile',
    'deleteRole', 'deleteUser', 'getAllCredentialFields', 'getCredentialFields', 'getCredentials', 'getCredentialsById', 'getProfile',
    'getProfileMapping', 'getProfileRights', 'getRole', 'getRoleMapping', 'getUser', 'getUserMapping', 'getUserRights',
    'getUserStrategies', 'hasCredentials', 'mDeleteProfiles', 'mDeleteRoles', 'mDeleteUsers', 'mGetProfiles', 'mGetRoles', 'mGetUsers',
    'refresh', 'replaceUser', 'restrictDefaultRights', 'revokeTokens', 'scrollProfiles', 'scrollUsers', 'searchApiKeys', 'searchProfiles',
    'searchRoles', 'searchUsers', 'searchUsersByCredentials', 'updateCredentials', 'updateProfile', 'updateProfileMapping', 'updateRole',
    'updateRoleMapping', 'updateUser', 'updateUserMapping', 'upsertUser', 'validateCredentials',
  ],
  server: [
    'actions', 'adminExists', 'asyncapi', 'capabilities', 'docs', 'explain', 'getAllStats', 'getConfig', 'getLastStats', 'getStats', 'healthCheck', 'info', 'metrics',
    'now', 'openapi', 'prometheus', 'publicApi',
  ],
} as const
