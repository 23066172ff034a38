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
]
