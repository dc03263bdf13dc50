// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Consumes a stream from its beginning and says what that cost: {"count","cpuSeconds"}.
const [, , amqplib, host, port, vhost, count] = process.argv;
const amqp = require(amqplib);

async function main() {
    const connection = await amqp.connect({ hostname: host, port: Number(port), vhost, username: 'guest', password: 'guest' });
    const channel = await connection.createChannel();
    await channel.prefetch(2000);
    const begin = process.cpuUsage();
    let seen = 0;
    await new Promise((resolve) => {
        channel.consume('log', (message) => {
            ++seen;
            if (seen % 500 === 0) {
                channel.ack(message, true);
            }
            if (seen === Number(count)) {
                resolve();
            }
        }, { arguments: { 'x-stream-offset': 'first' } });
    });
    const used = process.cpuUsage(begin);
    console.log(JSON.stringify({ count: seen, cpuSeconds: (used.user + used.system) / 1e6 }));
    process.exit(0);
}

main().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
