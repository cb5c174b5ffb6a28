// The public ClientOptions, in the words of the rooms.

#pragma once

#include "kafka/types.h"
#include "omashu/client_options.h"
#include "schema_registry/client/client.h"

namespace omashu::client {

kafka::ClientConfig kafka_config(const ClientOptions& options);
schema_registry::ClientOptions registry_options(const ClientOptions& options);

}  // namespace omashu::client
