export type EngineName = 'sqlite' | 'postgres'

/** One step of the store's own tables. A step that has been released never changes; what comes later is a new step. */
export interface Migration {
  title: string
  statements: Record<EngineName, readonly string[]>
}

const catalogue = (key: string): string[] => [
  'create table indexes (scope text not null, name text not null, primary key (scope, name))',
  `create table collections (
    key ${key},
    scope text not null,
    index_name text not null,
    name text not null,
    mappings text not null,
    settings text not null,
    unique (scope, index_name, name),
    foreign key (scope, index_name) references indexes (scope, name)
  )`,
]

const outbox = (key: string): string[] => [
  `create table outbox (
    n ${key},
    key text not null unique,
    plugin text not null,
    listener text not null,
    event text not null,
    entity text not null,
    payload text not null,
    created_at bigint not null,
    attempts integer not null default 0,
    error text,
    dead integer not null default 0,
    due bigint not null default 0,
    owner text,
    leased_until bigint not null default 0
  )`,
  'create index outbox_waiting on outbox (n) where dead = 0',
  'create index outbox_entities on outbox (listener, entity, n) where dead = 0',
]

const schedules = (key: string): string[] => [
  `create table schedules (
    job text not null primary key,
    plugin text not null,
    last_planned bigint not null,
    owner text,
    leased_until bigint not null default 0
  )`,
  `create table schedule_runs (
    n ${key},
    job text not null,
    planned bigint not null,
    owner text not null,
    started_at bigint not null,
    ended_at bigint,
    status text not null,
    error text
  )`,
  'create index schedule_runs_jobs on schedule_runs (job, n)',
]

const locks = ['create table locks (name text not null primary key, holder text not null, held_until bigint not null)']

/** All steps. A store's version is how many of them it has seen. */
export const migrations: readonly Migration[] = [
  {
    title: 'catalogue of indexes and collections',
    statements: {
      sqlite: catalogue('integer primary key autoincrement'),
      postgres: catalogue('bigint generated always as identity primary key'),
    },
  },
  {
    title: 'versions of collections',
    statements: {
      sqlite: ['alter table collections add column version integer not null default 0'],
      postgres: ['alter table collections add column version integer not null default 0'],
    },
  },
  {
    title: 'deliveries to durable listeners',
    statements: {
      sqlite: outbox('integer primary key autoincrement'),
      postgres: outbox('bigint generated always as identity primary key'),
    },
  },
  {
    title: 'schedules and their history',
    statements: {
      sqlite: schedules('integer primary key autoincrement'),
      postgres: schedules('bigint generated always as identity primary key'),
    },
  },
  {
    title: 'locks',
    statements: { sqlite: locks, postgres: locks },
  },
]
