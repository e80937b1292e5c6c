// What a request left behind: its row in the gateway's database and its entries in the mock provider's journal.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 20_000;
const BETWEEN_LOOKS_MS = 20;

// Looks until `look` finds something; fails when there is nothing in time.
async function eventually(what, look) {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error(`no ${what} within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

const QUERY = `
import json, sqlite3, sys
column, values = sys.argv[2], json.loads(sys.argv[3])
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
db.row_factory = sqlite3.Row
places = ",".join("?" * len(values))
print(json.dumps([dict(row) for row in db.execute(f"SELECT * FROM requests WHERE {column} IN ({places})", values)]))
`;

async function rowsWhere(arbstr, column, values) {
  const { stdout } = await run('python3', ['-c', QUERY, arbstr.database, column, JSON.stringify(values)]);
  return JSON.parse(stdout);
}

// The rows of the requests with these x-arbstr-request-ids, once each has one.
export function rowsOf(arbstr, requestIds) {
  return eventually(`row of each of ${requestIds}`, async () => {
    const rows = await rowsWhere(arbstr, 'correlation_id', requestIds);
    return rows.length >= requestIds.length && rows;
  });
}

export const rowOf = async (arbstr, requestId) => (await rowsOf(arbstr, [requestId]))[0];

// The only row of a model's requests; for requests whose id the client never saw.
export async function onlyRowOf(arbstr, model) {
  const rows = await eventually(`row of ${model}`, async () => {
    const found = await rowsWhere(arbstr, 'model', [model]);
    return found.length > 0 && found;
  });
  assert.equal(rows.length, 1);
  return rows[0];
}

async function entriesOf(arbstr, model) {
  const response = await fetch(`${arbstr.mock.admin}/__admin/requests`);
  const { requests } = await response.json();
  return requests.filter((entry) => entry.model === model);
}

// The journal's entries of a model's requests, once there are `count` of them that `wanted` holds for.
export function journalOf(arbstr, model, count = 1, wanted = () => true) {
  return eventually(`${count} journal entries of ${model}`, async () => {
    const entries = await entriesOf(arbstr, model);
    return entries.filter(wanted).length >= count && entries;
  });
}
