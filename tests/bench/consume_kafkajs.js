// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Counts a topic's records from the beginning: {"count","seconds","cpuSeconds"}, from the first batch on.
const [, , kafkajs, brokers, topic, count, group] = process.argv;
const { Kafka, logLevel } = require(kafkajs);

async function main() {
    const kafka = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    let seen = 0, begin = null, used = null;
    await new Promise((resolve) => {
        consumer.run({
            autoCommit: false,
            eachBatchAutoResolve: true,
            eachBatch: async ({ batch }) => {
                if (begin === null) {
                    begin = process.hrtime.bigint();
                    used = process.cpuUsage();
                }
                seen += batch.messages.length;
                if (seen >= Number(count)) {
                    resolve();
                }
            },
        });
    });
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    const cpu = process.cpuUsage(used);
    console.log(JSON.stringify({ count: seen, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 }));
    process.exit(0);
}

main().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
