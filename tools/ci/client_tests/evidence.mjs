// What a request left behind: its row in the gateway's database and its entries in the mock provider's journal.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { admin } from './admin_api.mjs';
import { eventually } from './waiting.mjs';

const run = promisify(execFile);
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
  return eventually(async () => {
    const rows = await rowsWhere(arbstr, 'correlation_id', requestIds);
    assert.ok(rows.length >= requestIds.length, `${rows.length} rows of ${requestIds}`);
    return rows;
  });
}

export const rowOf = async (arbstr, requestId) => (await rowsOf(arbstr, [requestId]))[0];

// The only row of a model's requests; for requests whose id the client never saw.
export async function onlyRowOf(arbstr, model) {
  const rows = await eventually(async () => {
    const found = await rowsWhere(arbstr, 'model', [model]);
    assert.ok(found.length > 0, `no row of ${model}`);
    return found;
  });
  assert.equal(rows.length, 1);
  return rows[0];
}

async function entriesOf(programs, model) {
  const { requests } = await admin(programs, 'GET', '/__admin/requests');
  return requests.filter((entry) => entry.model === model);
}

// The journal's entries of a model's requests, once there are `count` of them that `wanted` holds for. `programs`: what
// startMock or startArbstr returned.
export function journalOf(programs, model, count = 1, wanted = () => true) {
  return eventually(async () => {
    const entries = await entriesOf(programs, model);
    assert.ok(entries.filter(wanted).length >= count, `not ${count} such journal entries of ${model}`);
    return entries;
  });
}
