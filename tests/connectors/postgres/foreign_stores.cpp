// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "foreign_stores.h"

namespace eventscope::test {

namespace {

constexpr std::string_view kMessageDb = R"sql(
CREATE TABLE messages (global_position bigserial NOT NULL, position bigint NOT NULL,
    time timestamp WITHOUT TIME ZONE DEFAULT (now() AT TIME ZONE 'utc') NOT NULL, stream_name text NOT NULL,
    type text NOT NULL, data jsonb, metadata jsonb, id uuid NOT NULL DEFAULT gen_random_uuid(), PRIMARY KEY (global_position));
CREATE UNIQUE INDEX messages_stream ON messages (stream_name, position);
INSERT INTO messages (position, stream_name, type, data, metadata) VALUES
    (0, 'account-1', 'Opened', '{"n": 1}', '{"correlationStreamName": "flow-1"}'),
    (1, 'account-1', 'Deposited', '{"n": 2}', NULL), (0, 'account-2', 'Opened', NULL, NULL);)sql";

constexpr std::string_view kMarten = R"sql(
CREATE SEQUENCE mt_events_sequence;
CREATE TABLE mt_streams (id uuid PRIMARY KEY, type varchar, version bigint, timestamp timestamptz DEFAULT now(),
    created timestamptz DEFAULT now(), tenant_id varchar DEFAULT '*DEFAULT*', is_archived bool DEFAULT false);
CREATE TABLE mt_events (seq_id bigint NOT NULL DEFAULT nextval('mt_events_sequence') PRIMARY KEY, id uuid NOT NULL,
    stream_id uuid, version bigint NOT NULL, data jsonb NOT NULL, type varchar(500) NOT NULL,
    timestamp timestamptz NOT NULL DEFAULT now(), tenant_id varchar DEFAULT '*DEFAULT*', mt_dotnet_type varchar,
    correlation_id varchar, causation_id varchar, headers jsonb, is_archived bool DEFAULT false);
CREATE UNIQUE INDEX ON mt_events (stream_id, version);
INSERT INTO mt_events (id, stream_id, version, data, type, mt_dotnet_type, correlation_id, causation_id, headers) VALUES
    (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, '{"Id": 1}', 'quest_started', 'Q, A', 'c1', 'x1', '{"u": "me"}'),
    (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 2, '{"Id": 2}', 'quest_ended', 'Q, A', NULL, NULL, NULL);)sql";

constexpr std::string_view kEmmett = R"sql(
CREATE SEQUENCE emt_global_message_position;
CREATE TABLE emt_messages (stream_position bigint NOT NULL,
    global_position bigint DEFAULT nextval('emt_global_message_position'), transaction_id xid8 NOT NULL,
    created timestamptz NOT NULL DEFAULT now(), is_archived boolean NOT NULL DEFAULT false,
    message_kind char(1) NOT NULL DEFAULT 'E', stream_id text NOT NULL, partition text NOT NULL DEFAULT 'global',
    message_schema_version text NOT NULL DEFAULT '1', message_id text NOT NULL, message_type text NOT NULL,
    message_data jsonb NOT NULL, message_metadata jsonb NOT NULL,
    PRIMARY KEY (stream_id, stream_position, partition, is_archived)) PARTITION BY LIST (partition);
CREATE TABLE emt_messages_default PARTITION OF emt_messages DEFAULT;
INSERT INTO emt_messages (stream_position, transaction_id, stream_id, message_id, message_type, message_data, message_metadata, message_kind)
VALUES (1, pg_current_xact_id(), 'cart-1', 'm1', 'Added', '{"q": 1}', '{"correlationId": "c"}', 'E'),
    (2, pg_current_xact_id(), 'cart-1', 'm2', 'Removed', '{"q": 2}', '{}', 'E'),
    (3, pg_current_xact_id(), 'cart-1', 'm3', 'Do', '{}', '{}', 'C');)sql";

constexpr std::string_view kAxonJdbc = R"sql(
CREATE TABLE DomainEventEntry (globalIndex bigserial NOT NULL PRIMARY KEY, aggregateIdentifier varchar(255) NOT NULL,
    sequenceNumber bigint NOT NULL, type varchar(255), eventIdentifier varchar(255) NOT NULL UNIQUE, metaData bytea,
    payload bytea NOT NULL, payloadRevision varchar(255), payloadType varchar(255) NOT NULL, timeStamp varchar(255) NOT NULL,
    UNIQUE (aggregateIdentifier, sequenceNumber));
INSERT INTO DomainEventEntry (aggregateIdentifier, sequenceNumber, type, eventIdentifier, metaData, payload, payloadType, timeStamp)
VALUES ('a1', 0, 'Card', 'e1', convert_to('{"traceId":"t","correlationId":"m"}', 'UTF8'), convert_to('{"amount":1}', 'UTF8'), 'Issued', '2024-01-02T03:04:05.678Z'),
    ('a1', 1, 'Card', 'e2', NULL, '\x00ff', 'Redeemed', '2024-01-02T03:04:06Z');)sql";

constexpr std::string_view kAxonJpa = R"sql(
CREATE SEQUENCE domain_event_entry_seq;
CREATE TABLE domain_event_entry (global_index bigint NOT NULL PRIMARY KEY DEFAULT nextval('domain_event_entry_seq'),
    aggregate_identifier varchar(255) NOT NULL, sequence_number bigint NOT NULL, type varchar(255),
    event_identifier varchar(255) NOT NULL UNIQUE, meta_data oid, payload oid NOT NULL, payload_revision varchar(255),
    payload_type varchar(255) NOT NULL, time_stamp varchar(255) NOT NULL, UNIQUE (aggregate_identifier, sequence_number));
INSERT INTO domain_event_entry (aggregate_identifier, sequence_number, event_identifier, payload, payload_type, time_stamp)
VALUES ('a1', 0, 'e1', lo_from_bytea(0, convert_to('{"amount":1}', 'UTF8')), 'Issued', '2024-01-02T03:04:05.678Z');)sql";

constexpr std::string_view kAxon5 = R"sql(
CREATE TABLE aggregate_event_entry (global_index bigserial PRIMARY KEY, identifier varchar(255) NOT NULL UNIQUE,
    type varchar(255) NOT NULL, version varchar(255) NOT NULL, payload bytea NOT NULL, metadata bytea,
    timestamp varchar(255) NOT NULL, aggregate_type varchar(255), aggregate_identifier varchar(255), aggregate_sequence_number bigint);
INSERT INTO aggregate_event_entry (identifier, type, version, payload, metadata, timestamp, aggregate_type, aggregate_identifier, aggregate_sequence_number)
VALUES ('e1', 'Issued', '1', convert_to('{"a":1}', 'UTF8'), convert_to('{"correlationId":"c","causationId":"x"}', 'UTF8'), '2024-01-02T03:04:05.678Z', 'Card', 'a1', 0);)sql";

constexpr std::string_view kPekkoJdbc = R"sql(
CREATE TABLE event_journal (ordering bigserial, persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL,
    deleted boolean DEFAULT false NOT NULL, writer varchar(255) NOT NULL, write_timestamp bigint, adapter_manifest varchar(255),
    event_ser_id integer NOT NULL, event_ser_manifest varchar(255) NOT NULL, event_payload bytea NOT NULL,
    meta_ser_id integer, meta_ser_manifest varchar(255), meta_payload bytea, PRIMARY KEY (persistence_id, sequence_number));
CREATE UNIQUE INDEX event_journal_ordering_idx ON event_journal (ordering);
INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, event_ser_id, event_ser_manifest, event_payload, deleted)
VALUES ('Cart|1', 1, 'w', 1700000000123, 33, 'Added', convert_to('{"i":1}', 'UTF8'), false),
    ('Cart|1', 2, 'w', 1700000000124, 33, '', '\x0a02', false), ('Cart|1', 3, 'w', 1700000000125, 33, 'Gone', '\x00', true);)sql";

constexpr std::string_view kAkkaLegacy = R"sql(
CREATE TABLE journal (ordering bigserial, persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL,
    deleted boolean DEFAULT false, tags varchar(255), message bytea NOT NULL, PRIMARY KEY (persistence_id, sequence_number));
INSERT INTO journal (persistence_id, sequence_number, message) VALUES ('p1', 1, '\x0a0b');)sql";

constexpr std::string_view kAkkaR2dbc = R"sql(
CREATE TABLE event_journal (slice int NOT NULL, entity_type varchar(255) NOT NULL, persistence_id varchar(255) NOT NULL,
    seq_nr bigint NOT NULL, db_timestamp timestamptz NOT NULL, event_ser_id integer NOT NULL,
    event_ser_manifest varchar(255) NOT NULL, event_payload bytea NOT NULL, deleted boolean DEFAULT false NOT NULL,
    writer varchar(255) NOT NULL, adapter_manifest varchar(255), tags text[], meta_ser_id integer,
    meta_ser_manifest varchar(255), meta_payload bytea, PRIMARY KEY (persistence_id, seq_nr));
INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp, event_ser_id, event_ser_manifest, event_payload, writer)
VALUES (1, 'Cart', 'Cart|1', 1, '2024-01-02T03:04:05Z', 33, 'Added', convert_to('{"i":1}', 'UTF8'), 'w'),
    (1, 'Cart', 'Cart|1', 2, '2024-01-02T03:04:05Z', 33, 'Added', convert_to('{"i":2}', 'UTF8'), 'w');)sql";

constexpr std::string_view kSqlStreamStore = R"sql(
CREATE TABLE streams (id char(42) NOT NULL, id_original varchar(1000) NOT NULL, id_internal serial PRIMARY KEY,
    version int NOT NULL DEFAULT -1, position bigint NOT NULL DEFAULT -1, max_age int, max_count int);
CREATE SEQUENCE messages_seq START 0 MINVALUE 0;
CREATE TABLE messages (stream_id_internal int NOT NULL, stream_version int NOT NULL,
    position bigint NOT NULL DEFAULT nextval('messages_seq') PRIMARY KEY, message_id uuid NOT NULL, created_utc timestamp NOT NULL,
    type varchar(128) NOT NULL, json_data jsonb NOT NULL, json_metadata jsonb);
INSERT INTO streams (id, id_original) VALUES ('x', 'order-1');
INSERT INTO messages (stream_id_internal, stream_version, message_id, created_utc, type, json_data)
VALUES (1, 0, gen_random_uuid(), now(), 'Placed', '{"a": 1}'), (1, 1, gen_random_uuid(), now(), 'Paid', '{"a": 2}');)sql";

constexpr std::string_view kEventuous = R"sql(
CREATE TABLE streams (stream_id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, stream_name varchar(1000) NOT NULL UNIQUE,
    version integer DEFAULT -1 NOT NULL);
CREATE TABLE messages (message_id uuid NOT NULL, message_type varchar(128) NOT NULL, stream_id integer NOT NULL,
    stream_position integer NOT NULL, global_position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, json_data jsonb NOT NULL,
    json_metadata jsonb, created timestamp NOT NULL);
CREATE TABLE checkpoints (id varchar PRIMARY KEY, position bigint);
INSERT INTO streams (stream_name) VALUES ('Booking-1');
INSERT INTO messages (message_id, message_type, stream_id, stream_position, json_data, json_metadata, created)
VALUES (gen_random_uuid(), 'V1.Booked', 1, 0, '{"r": 1}', '{"eventuous.correlation-id": "c", "eventuous.causation-id": "x"}', now());)sql";

constexpr std::string_view kPython = R"sql(
CREATE TABLE stored_events (originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
    notification_id bigserial, PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX ON stored_events (notification_id);
INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES
    ('00000000-0000-0000-0000-000000000001', 1, 'dog:Dog.Registered', convert_to('{"name":"Fido"}', 'UTF8')),
    ('00000000-0000-0000-0000-000000000001', 2, 'dog:Dog.TrickAdded', '\x789c00ff');)sql";

constexpr std::string_view kSpatie = R"sql(
CREATE TABLE stored_events (id bigserial PRIMARY KEY, aggregate_uuid uuid, aggregate_version bigint,
    event_version smallint NOT NULL DEFAULT 1, event_class varchar(255) NOT NULL, event_properties jsonb NOT NULL,
    meta_data jsonb NOT NULL, created_at timestamp(0) NOT NULL, UNIQUE (aggregate_uuid, aggregate_version));
INSERT INTO stored_events (aggregate_uuid, aggregate_version, event_class, event_properties, meta_data, created_at)
VALUES ('00000000-0000-0000-0000-000000000001', 1, 'App\Added', '{"n": 1}', '[]', now());)sql";

constexpr std::string_view kCommanded = R"sql(
CREATE TABLE streams (stream_id bigserial PRIMARY KEY, stream_uuid text NOT NULL, stream_version bigint DEFAULT 0 NOT NULL);
INSERT INTO streams (stream_id, stream_uuid) VALUES (0, '$all'), (1, 'account-1');
CREATE TABLE events (event_id uuid PRIMARY KEY NOT NULL, event_type text NOT NULL, causation_id uuid, correlation_id uuid,
    data bytea NOT NULL, metadata bytea, created_at timestamptz DEFAULT now() NOT NULL);
CREATE TABLE stream_events (event_id uuid NOT NULL, stream_id bigint NOT NULL, stream_version bigint NOT NULL,
    original_stream_id bigint, original_stream_version bigint, PRIMARY KEY (event_id, stream_id));
INSERT INTO events (event_id, event_type, correlation_id, data, metadata) VALUES
    ('00000000-0000-0000-0000-00000000000a', 'Elixir.Opened', '00000000-0000-0000-0000-0000000000cc', convert_to('{"b":1}', 'UTF8'), convert_to('{}', 'UTF8')),
    ('00000000-0000-0000-0000-00000000000b', 'Elixir.Closed', NULL, convert_to('{"b":2}', 'UTF8'), NULL);
INSERT INTO stream_events VALUES ('00000000-0000-0000-0000-00000000000a', 1, 1, 1, 1), ('00000000-0000-0000-0000-00000000000a', 0, 1, 1, 1),
    ('00000000-0000-0000-0000-00000000000b', 1, 2, 1, 2), ('00000000-0000-0000-0000-00000000000b', 0, 2, 1, 2);)sql";

constexpr std::string_view kRails = R"sql(
CREATE TABLE event_store_events (id bigserial PRIMARY KEY, event_id uuid NOT NULL UNIQUE, event_type varchar NOT NULL,
    metadata bytea, data bytea NOT NULL, created_at timestamp NOT NULL, valid_at timestamp);
CREATE TABLE event_store_events_in_streams (id bigserial PRIMARY KEY, stream varchar NOT NULL, position integer,
    event_id uuid NOT NULL, created_at timestamp NOT NULL);
INSERT INTO event_store_events (event_id, event_type, metadata, data, created_at) VALUES
    ('00000000-0000-0000-0000-00000000000a', 'OrderPlaced', NULL, convert_to(E'---\n:n: 1\n', 'UTF8'), now());
INSERT INTO event_store_events_in_streams (stream, position, event_id, created_at) VALUES
    ('Order$1', 0, '00000000-0000-0000-0000-00000000000a', now()), ('all_orders', 7, '00000000-0000-0000-0000-00000000000a', now());)sql";

constexpr std::string_view kCqrsEs = R"sql(
CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, sequence bigint CHECK (sequence >= 0) NOT NULL,
    event_type text NOT NULL, event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL,
    timestamp timestamptz DEFAULT now(), PRIMARY KEY (aggregate_type, aggregate_id, sequence));
INSERT INTO events VALUES ('account', '1', 1, 'Opened', '1.0', '{"b":  1}', '{"correlation_id":"c"}', now()),
    ('account', '1', 2, 'Closed', '1.0', '{"b":2}', '{}', now());)sql";

constexpr std::string_view kProoph = R"sql(
CREATE TABLE _0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33 (no bigserial, event_id uuid NOT NULL, event_name varchar(100) NOT NULL,
    payload json NOT NULL, metadata jsonb NOT NULL, created_at timestamp(6) NOT NULL, PRIMARY KEY (no), UNIQUE (event_id));
INSERT INTO _0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33 (event_id, event_name, payload, metadata, created_at) VALUES
    (gen_random_uuid(), 'UserRegistered', '{"u":1}', '{"_aggregate_id": "u1", "_aggregate_type": "User", "_aggregate_version": 1}', now());)sql";

constexpr std::string_view kBroadway = R"sql(
CREATE TABLE domain_events (id serial PRIMARY KEY, uuid uuid NOT NULL, playhead integer NOT NULL, payload text NOT NULL,
    metadata text NOT NULL, recorded_on varchar(32) NOT NULL, type varchar(255) NOT NULL, UNIQUE (uuid, playhead));
INSERT INTO domain_events (uuid, playhead, payload, metadata, recorded_on, type) VALUES
    ('00000000-0000-0000-0000-000000000001', 0, '{"class":"A","payload":{"n":1}}', '{"class":"M","payload":[]}', '2024-01-02T03:04:05.123456+00:00', 'A');)sql";

constexpr std::string_view kPatchlevel = R"sql(
CREATE TABLE event_store (id bigserial PRIMARY KEY, stream varchar(255) NOT NULL, playhead int, event_id varchar(255) NOT NULL,
    event varchar(255) NOT NULL, payload json NOT NULL, recorded_on timestamptz NOT NULL, archived boolean DEFAULT false NOT NULL,
    custom_headers json NOT NULL, UNIQUE (stream, playhead));
INSERT INTO event_store (stream, playhead, event_id, event, payload, recorded_on, custom_headers) VALUES
    ('profile-1', 1, 'e1', 'profile.created', '{"n":1}', now(), '[]');)sql";

constexpr std::string_view kPatchlevelAggregates = R"sql(
CREATE TABLE eventstore (id bigserial PRIMARY KEY, aggregate varchar(255) NOT NULL, aggregate_id uuid NOT NULL, playhead int NOT NULL,
    event varchar(255) NOT NULL, payload json NOT NULL, recorded_on timestamptz NOT NULL, new_stream_start boolean DEFAULT false NOT NULL,
    archived boolean DEFAULT false NOT NULL, custom_headers json NOT NULL);
INSERT INTO eventstore (aggregate, aggregate_id, playhead, event, payload, recorded_on, custom_headers) VALUES
    ('profile', '00000000-0000-0000-0000-000000000001', 1, 'profile.created', '{"n":1}', now(), '[]');)sql";

constexpr std::string_view kPgEventstore = R"sql(
CREATE TABLE events (id uuid DEFAULT gen_random_uuid() NOT NULL, context varchar NOT NULL, stream_name varchar NOT NULL,
    stream_id varchar NOT NULL, global_position bigserial NOT NULL, stream_revision integer NOT NULL, data jsonb DEFAULT '{}' NOT NULL,
    metadata jsonb DEFAULT '{}' NOT NULL, link_id uuid, link_partition_id bigint, created_at timestamp DEFAULT now() NOT NULL,
    type varchar NOT NULL) PARTITION BY LIST (context);
CREATE TABLE contexts_1 PARTITION OF events FOR VALUES IN ('Shop');
INSERT INTO events (context, stream_name, stream_id, stream_revision, type, data) VALUES ('Shop', 'Order', '1', 0, 'Placed', '{"n": 1}');)sql";

constexpr std::string_view kEventSauce = R"sql(
CREATE TABLE domain_messages (id bigserial PRIMARY KEY, event_id uuid NOT NULL, aggregate_root_id uuid NOT NULL, version int,
    payload varchar(16001) NOT NULL);
CREATE INDEX reconstitution ON domain_messages (aggregate_root_id, version);
INSERT INTO domain_messages (event_id, aggregate_root_id, version, payload) VALUES
    (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1,
     '{"headers":{"__event_type":"signup","__time_of_recording":"2024-01-02 03:04:05.000000+0000","correlation-id":"c"},"payload":{"n":1}}');)sql";

constexpr std::string_view kSequent = R"sql(
CREATE TABLE records (aggregate_id uuid NOT NULL, sequence_number integer NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    event_type text NOT NULL, event_json jsonb NOT NULL, xact_id bigint);
CREATE VIEW event_records AS SELECT aggregate_id, sequence_number, created_at, event_type, event_json, xact_id FROM records;
INSERT INTO records (aggregate_id, sequence_number, event_type, event_json, xact_id) VALUES
    ('00000000-0000-0000-0000-000000000001', 1, 'Created', '{"n": 1}', 100), ('00000000-0000-0000-0000-000000000001', 2, 'Renamed', '{"n": 2}', 100);)sql";

constexpr std::string_view kDisintegrate = R"sql(
CREATE TABLE event (event_id bigserial PRIMARY KEY, event_type varchar(255) NOT NULL, payload bytea NOT NULL,
    inserted_at timestamptz DEFAULT current_timestamp, cart_id text);
INSERT INTO event (event_type, payload, cart_id) VALUES ('ItemAdded', convert_to('{"n":1}', 'UTF8'), '1');)sql";

constexpr std::string_view kEvents = R"sql(
CREATE TABLE events (id BIGSERIAL PRIMARY KEY, event_id UUID NOT NULL UNIQUE, stream_id VARCHAR(255) NOT NULL,
    event_type VARCHAR(255) NOT NULL, version INTEGER NOT NULL, data JSONB NOT NULL, metadata JSONB,
    created_at TIMESTAMP NOT NULL DEFAULT NOW(), UNIQUE (stream_id, version));
CREATE INDEX idx_events_stream_id ON events (stream_id);
INSERT INTO events (event_id, stream_id, event_type, version, data, metadata) VALUES
    (gen_random_uuid(), 'order-1', 'OrderPlaced', 1, '{"total": 38.00}', '{"correlationId": "c", "causationId": "x"}'),
    (gen_random_uuid(), 'order-1', 'OrderPaid', 2, 'null', NULL);)sql";

const std::string kOne = "00000000-0000-0000-0000-000000000001";

} // namespace

const std::vector<ForeignStore>& foreignStores()
{
    static const std::vector<ForeignStore> kStores{
        {"events", kEvents,
            {{"order-1", 1, "OrderPlaced", R"({"total": 38.00})", "c", "x"}, {"order-1", 2, "OrderPaid", "null"}}},
        {"message-db", kMessageDb,
            {{"account-1", 0, "Opened", R"({"n": 1})", "flow-1"}, {"account-1", 1, "Deposited", R"({"n": 2})"},
                {"account-2", 0, "Opened", "NULL"}}},
        {"Marten", kMarten,
            {{kOne, 1, "quest_started", R"({"Id": 1})", "c1", "x1"}, {kOne, 2, "quest_ended", R"({"Id": 2})"}}},
        {"Emmett", kEmmett, {{"cart-1", 1, "Added", R"({"q": 1})", "c"}, {"cart-1", 2, "Removed", R"({"q": 2})"}}},
        {"Axon 4", kAxonJdbc,
            {{"a1", 0, "Issued", R"({"amount":1})", "t", "m"}, {"a1", 1, "Redeemed", std::string("\0\xff", 2)}}},
        {"Axon 4", kAxonJpa, {{"a1", 0, "Issued", R"({"amount":1})"}}},
        {"Axon 5", kAxon5, {{"a1", 0, "Issued", R"({"a":1})", "c", "x"}}},
        {"Akka/Pekko JDBC", kPekkoJdbc,
            {{"Cart|1", 1, "Added", R"({"i":1})"}, {"Cart|1", 2, "serializer 33", "\x0a\x02"}}},
        {"Akka JDBC, legacy", kAkkaLegacy, {{"p1", 1, "PersistentRepr", "\x0a\x0b"}}},
        {"Akka/Pekko R2DBC", kAkkaR2dbc, {{"Cart|1", 1, "Added", R"({"i":1})"}, {"Cart|1", 2, "Added", R"({"i":2})"}}},
        {"SQLStreamStore", kSqlStreamStore,
            {{"order-1", 0, "Placed", R"({"a": 1})"}, {"order-1", 1, "Paid", R"({"a": 2})"}}},
        {"Eventuous", kEventuous, {{"Booking-1", 0, "V1.Booked", R"({"r": 1})", "c", "x"}}},
        {"Python eventsourcing", kPython,
            {{kOne, 1, "dog:Dog.Registered", R"({"name":"Fido"})"},
                {kOne, 2, "dog:Dog.TrickAdded", std::string("\x78\x9c\0\xff", 4)}}},
        {"Spatie", kSpatie, {{kOne, 1, "App\\Added", R"({"n": 1})"}}},
        {"Commanded", kCommanded,
            {{"account-1", 1, "Elixir.Opened", R"({"b":1})", "00000000-0000-0000-0000-0000000000cc"},
                {"account-1", 2, "Elixir.Closed", R"({"b":2})"}}},
        {"Rails Event Store", kRails, {{"Order$1", 0, "OrderPlaced", "---\n:n: 1\n"}}},
        {"cqrs-es", kCqrsEs,
            {{"account-1", 1, "Opened", R"({"b":  1})", "c"}, {"account-1", 2, "Closed", R"({"b":2})"}}},
        {"Prooph", kProoph, {{"u1", 1, "UserRegistered", R"({"u":1})"}}},
        {"Broadway", kBroadway, {{kOne, 0, "A", R"({"class":"A","payload":{"n":1}})"}}},
        {"patchlevel", kPatchlevel, {{"profile-1", 1, "profile.created", R"({"n":1})"}}},
        {"patchlevel, aggregates", kPatchlevelAggregates, {{"profile-" + kOne, 1, "profile.created", R"({"n":1})"}}},
        {"pg_eventstore", kPgEventstore, {{"Shop/Order-1", 0, "Placed", R"({"n": 1})"}}},
        {"EventSauce", kEventSauce, {{kOne, 1, "signup", R"({"n": 1})", "c"}}},
        {"Sequent", kSequent, {{kOne, 1, "Created", R"({"n": 1})"}, {kOne, 2, "Renamed", R"({"n": 2})"}}},
        {"disintegrate", kDisintegrate, {{"ItemAdded", 0, "ItemAdded", R"({"n":1})"}}},
    };
    return kStores;
}

} // namespace eventscope::test
