// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What librdkafka's own examples do, and nothing else: a process of its own with the allocator of the C
// library, because that of the benchmarks would help it.
//
//     bare_kafka BROKERS TOPIC PARTITIONS RECORDS
//
// counts a topic's records: {"count","offsets","seconds","cpuSeconds"}.
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/resource.h>

namespace {

rd_kafka_t* makeConsumer(const char* brokers)
{
    std::array<char, 512> reason{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, reason.data(), reason.size());
    rd_kafka_conf_set(conf, "group.id", "bare", reason.data(), reason.size());
    rd_kafka_conf_set(conf, "enable.auto.commit", "false", reason.data(), reason.size());
    rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason.data(), reason.size());
    if (consumer) {
        rd_kafka_poll_set_consumer(consumer);
    }
    return consumer;
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds
        = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    rd_kafka_t* consumer = makeConsumer(argv[1]);
    if (!consumer) {
        return 1;
    }
    const int partitions = std::atoi(argv[3]);
    const std::uint64_t wanted = std::strtoull(argv[4], nullptr, 10);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; ++i) {
        rd_kafka_topic_partition_list_add(list, argv[2], i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_assign(consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    std::uint64_t count = 0, offsets = 0;
    while (count < wanted) {
        rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 10'000);
        if (!message) {
            break;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            ++count;
            offsets += static_cast<std::uint64_t>(message->offset);
        }
        rd_kafka_message_destroy(message);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("{\"count\":%llu,\"offsets\":%llu,\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n",
        static_cast<unsigned long long>(count), static_cast<unsigned long long>(offsets), seconds, cpuSeconds());
    std::fflush(stdout);
    std::_Exit(count == wanted ? 0 : 1); // its goodbye to the broker is not measured
}
