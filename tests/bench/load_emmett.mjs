// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loads and rebuilds aggregates of 100 events with Emmett: {"loaded","total","seconds"}. The password is PGPASSWORD.
import { createRequire } from 'module';

const [, , folder, url, aggregates, rounds] = process.argv;
const { getPostgreSQLEventStore } = createRequire(folder + '/')('@event-driven-io/emmett-postgresql');
const store = getPostgreSQLEventStore(url);
await store.schema.migrate();
const initialState = () => ({ count: 0, total: 0 });
const evolve = (state, { data }) => ({ count: state.count + 1, total: state.total + data.quantity });
for (let cart = 0; cart < Number(aggregates); ++cart) {
    const events = [];
    for (let i = 1; i <= 100; ++i) {
        events.push({ type: 'ItemAdded', data: { sku: 'SKU-' + i, quantity: i % 7, price: 5.6 } });
    }
    await store.appendToStream('cart-' + cart, events);
}
await store.aggregateStream('cart-0', { evolve, initialState }); // warm
let loaded = 0;
let total = 0;
const begin = process.hrtime.bigint();
for (let round = 0; round < Number(rounds); ++round) {
    for (let cart = 0; cart < Number(aggregates); ++cart) {
        const { state } = await store.aggregateStream('cart-' + cart, { evolve, initialState });
        total += state.total;
        ++loaded;
    }
}
console.log(JSON.stringify({ loaded, total, seconds: Number(process.hrtime.bigint() - begin) / 1e9 }));
await store.close();
process.exit(0);
