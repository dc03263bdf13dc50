// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a table of events in keyset pages of 1000 with node-postgres: {"count","seconds"}. The password is PGPASSWORD.
const [, , folder, url, table] = process.argv;
const { Client } = require(folder + '/pg');

async function main() {
    const client = new Client({ connectionString: url });
    await client.connect();
    const query = {
        name: 'page',
        text: `SELECT id, stream_id, version, event_id, event_type, created_at, data, metadata FROM ${table} WHERE id > $1 ORDER BY id LIMIT 1000`,
    };
    let after = '0';
    let count = 0;
    const begin = process.hrtime.bigint();
    for (;;) {
        const { rows } = await client.query({ ...query, values: [after] });
        if (rows.length === 0) {
            break;
        }
        count += rows.length;
        after = rows[rows.length - 1].id;
    }
    console.log(JSON.stringify({ count, seconds: Number(process.hrtime.bigint() - begin) / 1e9 }));
    await client.end();
}

main().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
