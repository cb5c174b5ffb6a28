// The Kafka and the registry that all tests of one program share, started when the first asks and ended after the last.
// Tests keep apart by the names of their topics and subjects. One that stops a server starts one of its own.

#pragma once

#include "real/support/kafka_broker.h"
#include "real/support/schema_registry_server.h"

namespace omashu::real {

// Where the server did not start, both throw: GoogleTest reports each test that asked as failed, with the reason.
KafkaBroker& shared_kafka();
SchemaRegistryServer& shared_registry();

// A name no other call gave: `stem` and a number.
std::string unique_name(const std::string& stem);

}  // namespace omashu::real
